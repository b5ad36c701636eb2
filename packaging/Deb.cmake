# The Debian package, by CPack: `./dev package`. Libraries are found by dpkg-shlibdeps; what GStreamer loads at run time is
# named here.
set(made ${CMAKE_BINARY_DIR}/package)
set(revision 1)

# A package's own log, beside the project's: Debian wants one, in its format.
string(TIMESTAMP today "%a, %d %b %Y %H:%M:%S +0000" UTC)
set(maintainer "Lynceus maintainers <maintainers@lynceus.invalid>")
file(CONFIGURE OUTPUT ${made}/changelog.Debian @ONLY CONTENT
"lynceus (@PROJECT_VERSION@-@revision@) stable; urgency=medium

  * What changed is in changelog.gz.

 -- @maintainer@  @today@
")
find_program(GZIP gzip)
if(GZIP)
  install(CODE "
    file(COPY_FILE ${CMAKE_SOURCE_DIR}/CHANGELOG.md ${made}/changelog)
    foreach(log changelog changelog.Debian)
      execute_process(COMMAND ${GZIP} -9 -n -k -f ${made}/\${log} COMMAND_ERROR_IS_FATAL ANY)
    endforeach()")
  install(FILES ${made}/changelog.gz ${made}/changelog.Debian.gz DESTINATION ${documents})
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lynceus)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "video surveillance that tells people what matters")
set(CPACK_PACKAGE_DESCRIPTION
"Lynceus watches a building through its visible and thermal cameras. Streams
come in over RTSP, HTTP or V4L2; one worker per camera looks at the newest
picture, and what its plugins observe becomes metrics for Prometheus, alarms
with evidence, webhooks, MQTT messages, and a page for the operator.
.
The daemon runs as a user of its own in a sandbox of systemd. Until cameras
are configured in /etc/lynceus/lynceus.yaml it watches nothing.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_DIRECTORY ${made})
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${revision})
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${maintainer}")
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Sources, decoders, parsers; jpeg, v4l2, rtsp, http; h264parse; H.264 and H.265 in software.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "gstreamer1.0-plugins-base, gstreamer1.0-plugins-good, gstreamer1.0-plugins-bad, \
gstreamer1.0-libav, systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles")
# rtsps and https; the encoder of `lynceus simulate` and of annotated videos.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "glib-networking, ca-certificates, gstreamer1.0-plugins-ugly")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "mosquitto, prometheus")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(script postinst prerm postrm conffiles)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/${script})
endforeach()
if(CMAKE_CROSSCOMPILING)
  execute_process(COMMAND dpkg-architecture -t ${CMAKE_LIBRARY_ARCHITECTURE} -q DEB_HOST_ARCH
                  OUTPUT_VARIABLE CPACK_DEBIAN_PACKAGE_ARCHITECTURE OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
include(CPack)
