// Where decoders put their pictures: a pool of four, the most that are out at once on an ordinary camera (one decoded,
// one waiting, one looked at, one shown).
//
// A decoder left to itself grows its pool to the most pictures that ever were out at one moment and keeps them, a
// number that differs from connection to connection by chance: 8 cameras differ by megabytes. Here four are made at
// once; a picture beyond them (a viewer holds one) is made when needed and freed when it comes back. Thread: any.
#pragma once

#include <gst/gst.h>

namespace lynceus::ingest {

/// Answers a decoder's ALLOCATION query with such a pool; does nothing for caps that are no raw video.
void offer_picture_pool(GstQuery* query);

}  // namespace lynceus::ingest
