# Everything comes from the distribution (Debian 12 and 13); `./dev` knows the package names.

find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(GST REQUIRED IMPORTED_TARGET gstreamer-1.0>=1.22 gstreamer-app-1.0 gstreamer-video-1.0)
pkg_check_modules(GIO REQUIRED IMPORTED_TARGET gio-2.0)
pkg_check_modules(GST_RTSP REQUIRED IMPORTED_TARGET gstreamer-rtsp-1.0 gstreamer-sdp-1.0)
pkg_check_modules(GST_RTSP_SERVER REQUIRED IMPORTED_TARGET gstreamer-rtsp-server-1.0)
pkg_check_modules(JPEG REQUIRED IMPORTED_TARGET libturbojpeg libjpeg)
pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(MOSQUITTO REQUIRED IMPORTED_TARGET libmosquitto>=2.0)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(prometheus-cpp REQUIRED)
if(POLICY CMP0167)
  cmake_policy(SET CMP0167 NEW)  # newer CMake: Boost is found by its own config, as CMake's module is gone
endif()
find_package(Boost 1.74 REQUIRED)

# OpenCV: only the modules we name. The distribution's single -dev packages carry no CMake files, and libopencv-dev would
# bring gdal, poppler and x264 along, so the libraries are found one by one; those of a build of one's own (LYNCEUS_OPENCV,
# its prefix) likewise: with CUDA its CMake files ask for the very toolkit it was built with, which nothing here needs.
set(opencv_headers PATH_SUFFIXES opencv4)
if(LYNCEUS_OPENCV)
  set(opencv_headers PATHS ${LYNCEUS_OPENCV}/include PATH_SUFFIXES opencv4 NO_DEFAULT_PATH)
  set(opencv_libraries PATHS ${LYNCEUS_OPENCV}/lib ${LYNCEUS_OPENCV}/lib/${CMAKE_LIBRARY_ARCHITECTURE} NO_DEFAULT_PATH)
endif()
find_path(OPENCV_INCLUDE opencv2/core.hpp ${opencv_headers} REQUIRED)
foreach(module core imgproc dnn video objdetect calib3d)
  find_library(OPENCV_${module} opencv_${module} ${opencv_libraries} REQUIRED)
  add_library(OpenCV::${module} SHARED IMPORTED)
  set_target_properties(OpenCV::${module} PROPERTIES IMPORTED_LOCATION ${OPENCV_${module}}
                        INTERFACE_SYSTEM_INCLUDE_DIRECTORIES ${OPENCV_INCLUDE}
                        INTERFACE_INCLUDE_DIRECTORIES ${OPENCV_INCLUDE})
endforeach()
if(LYNCEUS_OPENCV)  # where its own libraries find those of CUDA
  target_link_options(OpenCV::core INTERFACE -Wl,-rpath-link,${LYNCEUS_OPENCV}/lib:${LYNCEUS_OPENCV}/lib/cuda:/usr/local/cuda/lib64)
  # What is installed must find it too: the package of that OpenCV tells the dynamic linker where it lies, a bare folder does not.
  find_program(LDCONFIG ldconfig PATHS /sbin /usr/sbin REQUIRED)
  execute_process(COMMAND ${LDCONFIG} -p OUTPUT_VARIABLE known_libraries ERROR_QUIET)
  get_filename_component(opencv_folder ${OPENCV_core} DIRECTORY)
  string(FIND "${known_libraries}" "=> ${opencv_folder}/libopencv_core.so" known)
  if(known EQUAL -1)
    set(CMAKE_INSTALL_RPATH ${opencv_folder})
  endif()
endif()

# A second inference engine where the distribution packages it (Debian 13).
find_path(ONNXRUNTIME_INCLUDE onnxruntime_cxx_api.h PATH_SUFFIXES onnxruntime onnxruntime/core/session)
find_library(ONNXRUNTIME_LIBRARY onnxruntime)
if(ONNXRUNTIME_INCLUDE AND ONNXRUNTIME_LIBRARY)
  add_library(lynceus_onnxruntime INTERFACE)
  target_include_directories(lynceus_onnxruntime SYSTEM INTERFACE ${ONNXRUNTIME_INCLUDE})
  target_link_libraries(lynceus_onnxruntime INTERFACE ${ONNXRUNTIME_LIBRARY})
  target_compile_definitions(lynceus_onnxruntime INTERFACE LYNCEUS_ONNXRUNTIME)
endif()
