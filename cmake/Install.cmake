# What is installed where. Programs find plugins and models relative to themselves, so a tree may be moved as a whole;
# the prefix is /usr in packages. The page is embedded in lynceusd. tests/structure/installed.py runs what this installs.
add_custom_target(programs)  # what is installed, and nothing that only tests need
add_dependencies(programs lynceus lynceusd)
foreach(plugin ${LYNCEUS_BUILT_IN_PLUGINS})
  add_dependencies(programs plugin_${plugin})
  install(TARGETS plugin_${plugin} LIBRARY DESTINATION ${LYNCEUS_INSTALLED_PLUGINS})
endforeach()
install(DIRECTORY models/ DESTINATION ${LYNCEUS_INSTALLED_MODELS} OPTIONAL PATTERN "training" EXCLUDE PATTERN ".*" EXCLUDE)

set(documents ${CMAKE_INSTALL_DATAROOTDIR}/doc/lynceus)
install(DIRECTORY config/examples/ DESTINATION ${documents}/examples FILES_MATCHING PATTERN "*.yaml")
install(DIRECTORY docs/examples/webhook DESTINATION ${documents}/examples FILES_MATCHING PATTERN "*.py" PERMISSIONS
        OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
install(DIRECTORY dashboards/ DESTINATION ${documents}/dashboards OPTIONAL
        PATTERN ".*" EXCLUDE PATTERN "*_test.yml" EXCLUDE PATTERN "*.py" EXCLUDE)
install(DIRECTORY docs/guide docs/ref docs/design DESTINATION ${documents}/docs FILES_MATCHING PATTERN "*.md")
install(FILES README.md DESTINATION ${documents})
install(FILES packaging/copyright DESTINATION ${documents})
install(FILES packaging/lynceus.lintian-overrides DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/lintian/overrides RENAME lynceus)
install(FILES packaging/lynceus.bash-completion DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions
        RENAME lynceus)

# Manual pages say what the programs say of themselves: they are made by running them.
find_package(Python3 COMPONENTS Interpreter)
if(CMAKE_CROSSCOMPILING OR NOT Python3_FOUND)
  message(STATUS "No manual pages: they need Python, and programs that run here")
else()
  set(manual ${CMAKE_BINARY_DIR}/man)
  install(CODE "execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/packaging/manual.py
                                        ${CMAKE_RUNTIME_OUTPUT_DIRECTORY} ${manual} COMMAND_ERROR_IS_FATAL ANY)")
  install(DIRECTORY ${manual}/ DESTINATION ${CMAKE_INSTALL_MANDIR})
endif()

# The unit names the folders of the prefix that is known only when it is installed. systemd looks below lib, whatever the
# distribution's library folder is. A configuration that is there stays as it is.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/InstallService.cmake CONTENT [=[
set(etc "${CMAKE_INSTALL_PREFIX}/etc")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(etc /etc)
endif()
foreach(name lynceus.service lynceus@.service lynceus.tmpfiles)
  file(READ "@CMAKE_SOURCE_DIR@/systemd/${name}" text)
  string(REPLACE "/usr/sbin/" "${CMAKE_INSTALL_PREFIX}/@CMAKE_INSTALL_SBINDIR@/" text "${text}")
  string(REPLACE "/etc/lynceus" "${etc}/lynceus" text "${text}")
  file(WRITE "@CMAKE_BINARY_DIR@/systemd/${name}" "${text}")
endforeach()
set(made "@CMAKE_BINARY_DIR@/systemd")
file(INSTALL "${made}/lynceus.service" "${made}/lynceus@.service" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")
file(INSTALL "${made}/lynceus.tmpfiles" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/tmpfiles.d" RENAME lynceus.conf)
if(NOT EXISTS "$ENV{DESTDIR}${etc}/lynceus/lynceus.yaml")
  file(INSTALL "@CMAKE_SOURCE_DIR@/packaging/lynceus.yaml" DESTINATION "${etc}/lynceus")
endif()
]=] @ONLY)
install(SCRIPT ${CMAKE_BINARY_DIR}/InstallService.cmake)
install(FILES systemd/lynceus.sysusers DESTINATION lib/sysusers.d RENAME lynceus.conf)

include(${CMAKE_SOURCE_DIR}/packaging/Deb.cmake)
