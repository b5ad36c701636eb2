# cmake -DOUT=page.cpp -DFROM=web -P Embed.cmake: the files of web/ as a table in C++, one raw byte list each.
set(types_html "text/html; charset=utf-8")
set(types_css "text/css; charset=utf-8")
set(types_js "text/javascript; charset=utf-8")
set(types_svg "image/svg+xml")

file(GLOB_RECURSE files RELATIVE ${FROM} ${FROM}/*.html ${FROM}/*.css ${FROM}/*.js ${FROM}/*.svg)
list(SORT files)
set(bytes "")
set(rows "")
set(index 0)
foreach(file IN LISTS files)
  get_filename_component(suffix ${file} LAST_EXT)
  string(SUBSTRING ${suffix} 1 -1 suffix)
  file(READ ${FROM}/${file} hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
  # Short literals side by side: a compiler need not take one longer than 65536 characters.
  string(REGEX REPLACE "((\\\\x..)(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?(\\\\x..)?)" "\"\\1\"\n" escaped "${escaped}")
  file(SIZE ${FROM}/${file} size)
  file(SHA256 ${FROM}/${file} hash)
  string(SUBSTRING ${hash} 0 16 tag)
  string(APPEND bytes "constexpr char kFile${index}[] =\n${escaped}\"\";\n")
  if(file STREQUAL "index.html")
    set(path "/")
  else()
    set(path "/${file}")
  endif()
  string(APPEND rows "    PageFile{\"${path}\", \"${types_${suffix}}\", \"\\\"${tag}\\\"\", {kFile${index}, ${size}}},\n")
  math(EXPR index "${index} + 1")
endforeach()

file(WRITE ${OUT}.new "// Written by Embed.cmake.
#include \"daemon/api/page.h\"

#include <array>

namespace lynceus::daemon::http {
namespace {

${bytes}
constexpr std::array kFiles{
${rows}};

}  // namespace

std::span<const PageFile> page_files() { return kFiles; }

}  // namespace lynceus::daemon::http
")
file(RENAME ${OUT}.new ${OUT})
