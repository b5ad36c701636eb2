// Which elements take an encoded stream apart and decode it, picked by what the stream says of itself.
//
// The table holds the codecs of cameras; anything else a file may carry is looked up in the registry. Everything is
// decoded in the streaming thread (max-threads=1): a thread pool per camera costs more than it gives when the cores are
// shared by many cameras. Thread: reentrant.
#pragma once

#include <gst/gst.h>

#include <string>
#include <vector>

#include "base/gst.h"

namespace lynceus::ingest {

struct Codec {
  std::string name;     ///< "H.264", as shown to people
  std::string depay;    ///< of RTP; empty: not received by RTP
  std::string parser;   ///< empty: none
  std::string decoder;  ///< empty: raw video
};

/// For caps of an RTP stream (application/x-rtp). Throws SessionRefused when nothing here decodes it.
Codec codec_of_rtp(const GstCaps* caps);
/// For caps of an elementary stream. Throws SessionRefused.
Codec codec_of(const GstCaps* caps);

/// A new element, set up for our purpose where it is a decoder. Throws SessionRefused when it is not installed.
GstElement* make_element(const std::string& factory);

/// Adds elements behind `from`, linked in this order and brought to the bin's state; returns false when a link fails.
bool append(GstBin* bin, GstPad* from, const std::vector<GstElement*>& elements);

/// Parser, decoder and `sink` behind a pad that gives this codec; returns what feeds the sink (borrowed from the bin).
/// `storable`: the decoder's sink pad sees units as a container wants them, where the decoder takes such. Throws
/// SessionRefused.
GstElement* append_decoding(GstBin* bin, GstPad* encoded, const Codec& codec, bool storable, GstElement* sink);
/// The same without a decoder: returns the end, whose sink pad sees the storable units.
GstElement* append_keeping(GstBin* bin, GstPad* encoded, const Codec& codec);

}  // namespace lynceus::ingest
