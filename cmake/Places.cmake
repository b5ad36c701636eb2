# Where installed files lie below the prefix; programs find them relative to themselves.
include(GNUInstallDirs)
set(LYNCEUS_INSTALLED_PLUGINS lib/lynceus/plugins)
set(LYNCEUS_INSTALLED_MODELS share/lynceus/models)
set(LYNCEUS_BUILT_IN_PLUGINS context health people pipes scene targets)
