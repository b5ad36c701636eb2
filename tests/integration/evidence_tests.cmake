lynceus_test(integration_evidence SOURCES evidence_stage.cpp evidence_clips_test.cpp
  LIBS lynceus_evidence lynceus_ingest OpenCV::core LABELS asan TIMEOUT 240)
add_dependencies(integration_evidence lynceus)
