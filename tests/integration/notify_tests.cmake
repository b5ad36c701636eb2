lynceus_test(integration_notify
  SOURCES loopback_server.cpp notify_broker.cpp notify_mqtt_test.cpp notify_receiver.cpp notify_webhook_test.cpp
          ../unit/notify/fake_outbox.cpp
  LIBS lynceus_notify Boost::boost OpenSSL::SSL OpenSSL::Crypto PkgConfig::MOSQUITTO nlohmann_json::nlohmann_json
  LABELS asan TIMEOUT 180)
