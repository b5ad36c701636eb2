// What is told of a frame: the lines of `lynceus analyze`, entities and the overlay. Thread: reentrant.
#pragma once

#include <span>
#include <string>

#include "plugins/people/person.h"
#include "plugins/people/yardstick.h"
#include "plugins/sdk/observations.h"

namespace lynceus::people {

struct Scene {
  std::span<const Person> people;
  std::span<const Pair> pairs;
  const Yardstick& yardstick;
  bool centre = false;
  std::string detector;
};

void describe(const Scene& scene, sdk::Value& details);
void add_entities(const Scene& scene, std::vector<sdk::Entity>& out);
void draw(const Scene& scene, sdk::Overlay& overlay);

}  // namespace lynceus::people
