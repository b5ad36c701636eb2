# Flags travel with targets: everything of ours links lynceus_settings, nothing is set globally.

add_library(lynceus_settings INTERFACE)
target_include_directories(lynceus_settings INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(lynceus_settings INTERFACE -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor
                                                  -Woverloaded-virtual)
target_compile_definitions(lynceus_settings INTERFACE LYNCEUS_VERSION="${PROJECT_VERSION}")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms of GCC 12 and 13 inside their own std::vector and std::variant at -O2.
  target_compile_options(lynceus_settings INTERFACE -Wno-error=maybe-uninitialized -Wno-error=stringop-overflow
                                                    -Wno-error=array-bounds
                                                    -Wno-error=restrict -Wno-error=free-nonheap-object
                                                    $<$<VERSION_GREATER_EQUAL:${CMAKE_CXX_COMPILER_VERSION},13>:-Wno-error=dangling-reference>)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # GStreamer's macros compare function pointers with NULL.
  target_compile_options(lynceus_settings INTERFACE -Wno-error=pedantic)
endif()
target_link_libraries(lynceus_settings INTERFACE Threads::Threads)
# What is released guards its stacks and bounded copies and binds its symbols at once; sanitizers look closer by themselves.
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT LYNCEUS_SANITIZE AND NOT LYNCEUS_FUZZ)
  target_compile_options(lynceus_settings INTERFACE -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_link_options(lynceus_settings INTERFACE -Wl,-z,relro,-z,now)
endif()
if(LYNCEUS_FUZZ)  # tests/fuzz
  target_compile_options(lynceus_settings INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
  target_link_options(lynceus_settings INTERFACE -fsanitize=address,undefined)
endif()

if(LYNCEUS_SANITIZE STREQUAL "address")
  target_compile_options(lynceus_settings INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined
                                                    -fno-omit-frame-pointer)
  target_link_options(lynceus_settings INTERFACE -fsanitize=address,undefined)
elseif(LYNCEUS_SANITIZE STREQUAL "thread")
  target_compile_options(lynceus_settings INTERFACE -fsanitize=thread -fno-omit-frame-pointer -Wno-tsan)
  target_link_options(lynceus_settings INTERFACE -fsanitize=thread)
elseif(LYNCEUS_SANITIZE)
  message(FATAL_ERROR "LYNCEUS_SANITIZE is '${LYNCEUS_SANITIZE}': address, thread or nothing")
endif()

# lynceus_library(NAME SOURCES... [PUBLIC libs...] [PRIVATE libs...])
function(lynceus_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC lynceus_settings ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()

# lynceus_plugin(NAME SOURCES...): builds <build>/plugins/lynceus_NAME.so; a plugin links the sdk and OpenCV, nothing else.
function(lynceus_plugin name)
  cmake_parse_arguments(ARG "" "" "SOURCES;OPENCV" ${ARGN})
  add_library(plugin_${name} MODULE ${ARG_SOURCES})
  set_target_properties(plugin_${name} PROPERTIES PREFIX "" OUTPUT_NAME lynceus_${name}
                        LIBRARY_OUTPUT_DIRECTORY ${LYNCEUS_PLUGIN_OUTPUT})
  target_link_libraries(plugin_${name} PRIVATE lynceus_settings lynceus_sdk ${ARG_OPENCV})
  add_custom_command(TARGET plugin_${name} POST_BUILD COMMAND chmod go-w $<TARGET_FILE:plugin_${name}>)  # whatever the umask
  target_link_options(plugin_${name} PRIVATE $<$<STREQUAL:${LYNCEUS_SANITIZE},>:-Wl,--no-undefined>)
endfunction()

# lynceus_test(NAME SOURCES... [LIBS...] [LABELS...] [TIMEOUT s]): one Catch2 executable, one ctest.
# LABELS sanitize: runs under the sanitizers too (`./dev asan`, `./dev tsan`), but for the cases tagged [heavy];
# LABELS asan: not under tsan, since it has one thread.
function(lynceus_test name)
  cmake_parse_arguments(ARG "SERIAL" "TIMEOUT" "SOURCES;LIBS;LABELS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE lynceus_test_main lynceus_test_support ${ARG_LIBS})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if(LYNCEUS_SANITIZE)
    set(without_heavy "~[heavy]")
    math(EXPR ARG_TIMEOUT "3 * ${ARG_TIMEOUT}")
  endif()
  add_test(NAME ${name} COMMAND ${name} ${without_heavy})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}" SKIP_RETURN_CODE 77
                       ENVIRONMENT "LYNCEUS_BUILD_DIR=${CMAKE_BINARY_DIR};LYNCEUS_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
  if("sanitize" IN_LIST ARG_LABELS OR ("asan" IN_LIST ARG_LABELS AND LYNCEUS_SANITIZE STREQUAL "address"))
    add_dependencies(sanitize_tests ${name})
  endif()
  if(ARG_SERIAL)
    set_tests_properties(${name} PROPERTIES RUN_SERIAL ON)
  endif()
endfunction()
