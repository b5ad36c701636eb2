#include "pipeline/ingest/hardware_decoder.h"

#include <gst/gst.h>

#include <array>

#include "base/gst.h"

namespace lynceus::ingest {
namespace {

struct Row {
  Decoder kind;
  std::string_view codec;
  const char* element;
};

// The order in which `auto` tries them.
constexpr std::array kRows{
    Row{Decoder::nvidia, "H.264", "nvh264dec"},
    Row{Decoder::nvidia, "H.265", "nvh265dec"},
    Row{Decoder::vaapi, "H.264", "vah264dec"},
    Row{Decoder::vaapi, "H.265", "vah265dec"},
};

/// The step to READY opens the device, which a broken driver does not survive.
bool opens(const char* factory) {
  const gst::ElementPtr element(gst_element_factory_make(factory, nullptr));
  if (!element) return false;
  gst_object_ref_sink(element.get());
  const bool opened = gst_element_set_state(element.get(), GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
  gst_element_set_state(element.get(), GST_STATE_NULL);
  return opened;
}

}  // namespace

HardwareDecoder find_hardware_decoder(std::string_view codec, Decoder wanted) {
  if (wanted == Decoder::software) return {};
  std::string trouble = "no hardware decoder for " + std::string(codec) + " is known";
  for (const Row& row : kRows) {
    if (row.codec != codec || (wanted != Decoder::automatic && wanted != row.kind)) continue;
    if (!gst::have_element(row.element)) {
      trouble = std::string(row.element) + " is not installed, or finds no device";
    } else if (opens(row.element)) {
      return {row.element, {}};
    } else {
      trouble = std::string(row.element) + " does not open its device";
    }
  }
  return {{}, wanted == Decoder::automatic ? std::string{} : trouble};
}

}  // namespace lynceus::ingest
