# What is installed where. Programs find plugins and models relative to themselves, so a tree may be moved as a whole;
# the prefix is /usr in packages. The page is embedded in lynceusd. tests/structure/installed.py runs what this installs.
foreach(plugin ${LYNCEUS_BUILT_IN_PLUGINS})
  install(TARGETS plugin_${plugin} LIBRARY DESTINATION ${LYNCEUS_INSTALLED_PLUGINS})
endforeach()

install(DIRECTORY config/examples/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples FILES_MATCHING PATTERN "*.yaml")
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

# systemd looks below lib, whatever the distribution's library folder is.
file(READ systemd/lynceus.service unit)
string(REPLACE "/usr/sbin/lynceusd" "${CMAKE_INSTALL_FULL_SBINDIR}/lynceusd" unit "${unit}")
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/lynceus.service CONTENT "${unit}" @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/lynceus.service DESTINATION lib/systemd/system)
install(FILES systemd/lynceus.sysusers DESTINATION lib/sysusers.d RENAME lynceus.conf)
install(FILES systemd/lynceus.tmpfiles DESTINATION lib/tmpfiles.d RENAME lynceus.conf)
