#include "pipeline/camera/chain.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/cpu_time.h"
#include "base/log.h"
#include "pipeline/camera/turn.h"

namespace lynceus::camera {
namespace {

using namespace std::chrono_literals;

constexpr auto kPeopleStay = 5s;  // where the analyzer that finds them is seldom called, or stuck

double seconds(MonoTime::duration d) { return std::chrono::duration<double>(d).count(); }

host::AnalyzerSlot::Setup setup_for(const sdk::Plugin& plugin, const AnalyzerSettings& analyzer,
                                    const CameraSettings& camera, const ChainContext& context) {
  host::AnalyzerSlot::Setup setup;
  setup.plugin = &plugin;
  setup.camera.id = camera.id;
  setup.camera.thermal = camera.kind == Kind::thermal;
  setup.camera.zones = analyzer.zones;
  setup.camera.lines = analyzer.lines;
  setup.camera.ground = camera.ground;
  setup.camera.model_dirs = context.model_dirs;
  setup.options = analyzer.options;
  setup.clock = context.clock;
  setup.models = context.models;
  setup.state = context.state;
  setup.stop = context.stop;
  setup.crashes = context.crashes;
  return setup;
}

/// Later words on the same subject replace earlier ones.
void add_facts(sdk::Facts& facts, const sdk::Facts& more) {
  if (more.floor_mask) facts.floor_mask = more.floor_mask;
  if (more.movers) facts.movers = more.movers;
  if (more.people) facts.people = more.people;
}

}  // namespace

struct Chain::Impl {
  Impl(const CameraSettings& settings, const ChainContext& c)
      : camera(settings.id), context(c), gate(settings.gate, settings.motion_masks, settings.kind) {}

  const std::string camera;
  const ChainContext context;
  Gate gate;
  cv::Size size;
  std::vector<std::unique_ptr<host::AnalyzerSlot>> slots;
  std::vector<Turn> turns;            // one a slot
  std::optional<sdk::People> people;  // as told last, for the frames after
  MonoTime people_told{};

  void add(const AnalyzerSettings& analyzer, const CameraSettings& settings);
  bool resized(cv::Size now);
  void note_discontinuity();
  void note_references(const std::vector<std::string>& plugins);
  sdk::Facts facts_before(MonoTime now, const Call& call) const;
  void run_all(const GateResult& gate, const Call& call, FrameReport& report);
  std::optional<AnalyzerReport> run(host::AnalyzerSlot& slot, const sdk::Input& input, const Call& call);
};

void Chain::Impl::add(const AnalyzerSettings& analyzer, const CameraSettings& settings) {
  const sdk::Plugin* plugin = context.plugins ? context.plugins->find(analyzer.plugin) : nullptr;
  if (!plugin) {
    log::warning("camera", "plugin is not loaded", {{"camera", camera}, {"plugin", analyzer.plugin}});
    return;
  }
  slots.push_back(std::make_unique<host::AnalyzerSlot>(setup_for(*plugin, analyzer, settings, context)));
  turns.emplace_back(analyzer.when);
}

void Chain::Impl::note_discontinuity() {
  for (Turn& turn : turns) turn.discontinuity = true;
}

void Chain::Impl::note_references(const std::vector<std::string>& plugins) {
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (std::find(plugins.begin(), plugins.end(), slots[i]->plugin()) != plugins.end()) turns[i].take_reference = true;
  }
}

bool Chain::Impl::resized(cv::Size now) {
  const cv::Size before = std::exchange(size, now);
  return before != cv::Size() && before != now;
}

std::optional<AnalyzerReport> Chain::Impl::run(host::AnalyzerSlot& slot, const sdk::Input& input, const Call& call) {
  const MonoTime before = context.clock->now();
  const double cpu_before = thread_cpu_seconds();
  if (call.in_plugin) call.in_plugin->store(&slot.plugin());
  std::optional<sdk::Observations> said = slot.process(input);
  if (call.in_plugin) call.in_plugin->store(nullptr);
  if (!said) return std::nullopt;
  return AnalyzerReport{slot.plugin(), std::make_shared<const sdk::Observations>(std::move(*said)),
                        seconds(context.clock->now() - before), thread_cpu_seconds() - cpu_before};
}

/// What analyzers may know before any of them has looked at the frame.
sdk::Facts Chain::Impl::facts_before(MonoTime now, const Call& call) const {
  sdk::Facts facts;
  const bool fresh = now >= people_told && now - people_told <= kPeopleStay;
  if (!call.still && !call.discontinuity && fresh) facts.people = people;
  return facts;
}

void Chain::Impl::run_all(const GateResult& gate_said, const Call& call, FrameReport& report) {
  const sdk::FramePtr& frame = report.frame;
  sdk::Facts facts = facts_before(frame->captured(), call);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    Turn& turn = turns[i];
    if (slots[i]->state() == host::SlotState::disabled) continue;
    if (!turn.due(frame->captured(), report.motion) && !call.still) continue;
    turn.called(frame->captured());
    const sdk::Input input{*frame,
                           gate_said.shrunk,
                           gate_said.motion,
                           gate_said.regions,
                           gate_said.light,
                           std::exchange(turn.discontinuity, false),
                           facts,
                           call.wanted_views,
                           call.still,
                           std::exchange(turn.take_reference, false)};
    if (auto said = run(*slots[i], input, call)) {
      add_facts(facts, said->observations->facts);
      if (said->observations->facts.people) {
        people = said->observations->facts.people;
        people_told = frame->captured();
      }
      report.analyzers.push_back(std::move(*said));
    }
  }
}

Chain::Chain(const CameraSettings& settings, const ChainContext& context)
    : impl_(std::make_unique<Impl>(settings, context)) {
  for (const AnalyzerSettings& analyzer : settings.analyzers) impl_->add(analyzer, settings);
}

Chain::~Chain() = default;

const std::vector<std::unique_ptr<host::AnalyzerSlot>>& Chain::slots() const { return impl_->slots; }

FrameReport Chain::process(const sdk::FramePtr& frame, const Call& call) {
  Impl& chain = *impl_;
  const MonoTime began = chain.context.clock->now();
  const double cpu_began = thread_cpu_seconds();
  if (call.still || call.discontinuity) chain.gate.reset();
  const GateResult& gate = chain.gate.process(*frame);
  const bool resized = chain.resized(frame->size()) && !call.still;
  if (call.discontinuity || gate.light_flip || resized) chain.note_discontinuity();
  chain.note_references(call.references);

  FrameReport report;
  report.camera = chain.camera;
  report.frame = frame;
  report.light = gate.light;
  report.gate_seconds = seconds(chain.context.clock->now() - began);
  report.gate_cpu_seconds = thread_cpu_seconds() - cpu_began;
  report.motion = !gate.regions.empty();
  chain.run_all(gate, call, report);
  return report;
}

}  // namespace lynceus::camera
