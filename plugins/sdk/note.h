// The ELF note `.note.lynceus` of a plugin file: what it was built for, readable without running anything of it.
//
// Static constructors run inside dlopen, so a check after dlopen is too late: the host parses this note from the file
// first (pipeline/host/elf_note.h). The descriptor is the text
//   sdk=<N>;opencv=<major>.<minor>;abi=<tag>;sanitizer=<none|address|thread>;plugin=<name>
#pragma once

#include <cstddef>  // defines the standard library's own macros, used below
#include <opencv2/core/version.hpp>

/// Raised whenever a header of this folder changes what a compiled plugin would see.
#define LYNCEUS_SDK_VERSION 4

#define LYNCEUS_TEXT2(X) #X
#define LYNCEUS_TEXT(X) LYNCEUS_TEXT2(X)

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LYNCEUS_SANITIZER "address"
#elif __has_feature(thread_sanitizer)
#define LYNCEUS_SANITIZER "thread"
#endif
#endif
#if !defined(LYNCEUS_SANITIZER)
#if defined(__SANITIZE_ADDRESS__)
#define LYNCEUS_SANITIZER "address"
#elif defined(__SANITIZE_THREAD__)
#define LYNCEUS_SANITIZER "thread"
#else
#define LYNCEUS_SANITIZER "none"
#endif
#endif

#if defined(_LIBCPP_VERSION)
#define LYNCEUS_STDLIB "libcxx"
#else
#define LYNCEUS_STDLIB "libstdcxx" LYNCEUS_TEXT(_GLIBCXX_USE_CXX11_ABI)
#endif
#define LYNCEUS_ABI LYNCEUS_STDLIB "-" LYNCEUS_TEXT(__SIZEOF_POINTER__)

/// Everything but the name; the host compares it with its own as one text.
#define LYNCEUS_BUILT_FOR                                                                              \
  "sdk=" LYNCEUS_TEXT(LYNCEUS_SDK_VERSION) ";opencv=" LYNCEUS_TEXT(CV_VERSION_MAJOR) "." LYNCEUS_TEXT( \
      CV_VERSION_MINOR) ";abi=" LYNCEUS_ABI ";sanitizer=" LYNCEUS_SANITIZER

/// Owner "Lynceus", type 1. The assembler fills in the lengths.
#define LYNCEUS_PLUGIN_NOTE(NAME)                      \
  __asm__(                                             \
      ".pushsection .note.lynceus,\"a\",%note\n"       \
      ".balign 4\n.long 2f-1f\n.long 4f-3f\n.long 1\n" \
      "1: .asciz \"Lynceus\"\n2: .balign 4\n"          \
      "3: .asciz \"" LYNCEUS_BUILT_FOR ";plugin=" NAME "\"\n4: .balign 4\n.popsection\n");
