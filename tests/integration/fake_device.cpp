#include "tests/integration/fake_device.h"

#include <gst/gst.h>

#include "base/gst.h"

namespace lynceus::test {
namespace {

enum Property { kDevice = 1 };

const char* encoder() {
  if (gst::have_element("x264enc")) return "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25";
  return gst::have_element("openh264enc") ? "openh264enc gop-size=25" : nullptr;
}

void take_property(GObject*, guint, const GValue*, GParamSpec*) {}  // any device will do

GstStaticPadTemplate source_pad =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS("video/x-h264"));

void class_init(gpointer type, gpointer) {
  auto* object = G_OBJECT_CLASS(type);
  object->set_property = take_property;
  g_object_class_install_property(
      object, kDevice,
      g_param_spec_string("device", "device", "device", nullptr,
                          static_cast<GParamFlags>(G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS)));
  auto* element = GST_ELEMENT_CLASS(type);
  gst_element_class_add_static_pad_template(element, &source_pad);
  gst_element_class_set_static_metadata(element, "Fake", "Source/Video", "A ball in H.264", "Tests");
}

void init(GTypeInstance* instance, gpointer) {
  const gst::TextPtr launch(g_strdup_printf(
      "videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=640,height=480,framerate=25/1 ! %s",
      encoder()));
  GstElement* inside = gst_parse_bin_from_description(launch.get(), TRUE, nullptr);
  gst_bin_add(GST_BIN(instance), inside);
  const gst::PadPtr pad(gst_element_get_static_pad(inside, "src"));
  gst_element_add_pad(GST_ELEMENT(instance), gst_ghost_pad_new("src", pad.get()));
}

GType type() {
  static const GType made = [] {
    GTypeInfo info{};
    info.class_size = sizeof(GstBinClass);
    info.class_init = class_init;
    info.instance_size = sizeof(GstBin);
    info.instance_init = init;
    return g_type_register_static(GST_TYPE_BIN, "LynceusFakeDevice", &info, GTypeFlags{});
  }();
  return made;
}

}  // namespace

bool register_fake_device() {
  gst::init();
  static const bool registered = encoder() && gst_element_register(nullptr, "v4l2src", GST_RANK_NONE, type());
  return registered;
}

}  // namespace lynceus::test
