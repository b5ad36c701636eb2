#include "pipeline/ingest/picture_pool.h"

#include <gst/video/gstvideopool.h>
#include <gst/video/video.h>

#include <memory>

#include "base/gst.h"

namespace lynceus::ingest {
namespace {

constexpr guint kPictures = 4;

struct PicturePool {
  GstVideoBufferPool parent;
  gint made;  // atomic
};

GstBufferPoolClass* parent_class = nullptr;  // set once, by the class's initialiser

gint* made_by(GstBufferPool* pool) { return &reinterpret_cast<PicturePool*>(pool)->made; }

GstFlowReturn make_picture(GstBufferPool* pool, GstBuffer** buffer, GstBufferPoolAcquireParams* params) {
  const GstFlowReturn result = parent_class->alloc_buffer(pool, buffer, params);
  if (result == GST_FLOW_OK) g_atomic_int_inc(made_by(pool));
  return result;
}

void free_picture(GstBufferPool* pool, GstBuffer* buffer) {
  g_atomic_int_add(made_by(pool), -1);
  parent_class->free_buffer(pool, buffer);
}

/// Memory marked as touched is freed instead of kept.
void take_back(GstBufferPool* pool, GstBuffer* buffer) {
  if (g_atomic_int_get(made_by(pool)) > static_cast<gint>(kPictures))
    GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_TAG_MEMORY);
  parent_class->release_buffer(pool, buffer);
}

void set_up_class(gpointer klass, gpointer) {
  parent_class = GST_BUFFER_POOL_CLASS(g_type_class_peek_parent(klass));
  auto* type = GST_BUFFER_POOL_CLASS(klass);
  type->alloc_buffer = make_picture;
  type->free_buffer = free_picture;
  type->release_buffer = take_back;
}

GType picture_pool_type() {
  static const GType type = [] {
    GTypeInfo info{};
    info.class_size = sizeof(GstVideoBufferPoolClass);
    info.class_init = set_up_class;
    info.instance_size = sizeof(PicturePool);
    return g_type_register_static(GST_TYPE_VIDEO_BUFFER_POOL, "LynceusPicturePool", &info, GTypeFlags{});
  }();
  return type;
}

}  // namespace

void offer_picture_pool(GstQuery* query) {
  GstCaps* caps = nullptr;
  gst_query_parse_allocation(query, &caps, nullptr);
  GstVideoInfo info;
  if (!caps || !gst_video_info_from_caps(&info, caps)) return;
  const gst::Ptr<GstObject> pool(GST_OBJECT(gst_object_ref_sink(g_object_new(picture_pool_type(), nullptr))));
  gst_query_add_allocation_pool(query, GST_BUFFER_POOL(pool.get()), static_cast<guint>(info.size), kPictures, 0);
}

}  // namespace lynceus::ingest
