#include "daemon/api/openapi.h"

namespace lynceus::daemon::http {

const char* openapi_schemas() {
  return R"JSON({
  "Problem": {"type": "object", "required": ["type", "title", "status", "detail"], "properties": {
    "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
    "detail": {"type": "string"}, "errors": {"type": "array", "items": {"type": "string"}}}},
  "Version": {"type": "object", "required": ["name", "version", "sdk", "opencv", "plugins", "refused"], "properties": {
    "name": {"const": "lynceus"}, "version": {"type": "string"}, "sdk": {"type": "integer"},
    "opencv": {"type": "string"},
    "plugins": {"type": "array", "items": {"type": "object", "properties": {
      "name": {"type": "string"}, "version": {"type": "string"}}}},
    "refused": {"type": "array", "items": {"type": "object", "properties": {
      "file": {"type": "string"}, "why": {"type": "string"}}}}}},
  "Login": {"type": "object", "required": ["token"], "properties": {"token": {"type": "string"}}},
  "Session": {"type": "object", "required": ["name", "role"], "properties": {
    "name": {"type": "string"}, "role": {"enum": ["view", "operate", "admin"]}}},
  "Minutes": {"type": "object", "properties": {
    "minutes": {"type": "integer", "minimum": 0, "maximum": 10080, "default": 30}}},
  "Shelved": {"type": "object", "required": ["shelved_until"], "properties": {
    "shelved_until": {"type": ["string", "null"], "format": "date-time"}}},
  "Enabled": {"type": "object", "required": ["enabled"], "properties": {"enabled": {"type": "boolean"}}},
  "Plugin": {"type": "object", "required": ["plugin"], "properties": {"plugin": {"type": "string"}}},
  "Settings": {"type": "object"},
  "Severity": {"enum": ["info", "warning", "critical"]},
  "Time": {"type": "string", "format": "date-time"},
  "TimeOrNull": {"type": ["string", "null"], "format": "date-time"},
  "Alarm": {"type": "object", "required": ["id", "revision", "site", "camera", "plugin", "kind", "key", "zone", "severity",
    "state", "active", "summary", "value", "unit", "limit", "raised_at", "acknowledged_at", "acknowledged_by",
    "cleared_at", "clear_reason", "shelved_until", "count", "durable", "snapshot", "clip"], "properties": {
    "id": {"type": "string", "format": "uuid"}, "revision": {"type": "integer"}, "site": {"type": "string"},
    "camera": {"type": "string"}, "plugin": {"type": "string"}, "kind": {"type": "string"},
    "key": {"type": "string"}, "zone": {"type": ["string", "null"]},
    "severity": {"$ref": "#/components/schemas/Severity"}, "state": {"enum": ["pending", "raised", "cleared"]},
    "active": {"type": "boolean"}, "summary": {"type": "string"}, "value": {"type": ["number", "null"]},
    "unit": {"type": ["string", "null"]}, "limit": {"type": ["number", "null"]},
    "raised_at": {"$ref": "#/components/schemas/TimeOrNull"},
    "acknowledged_at": {"$ref": "#/components/schemas/TimeOrNull"}, "acknowledged_by": {"type": ["string", "null"]},
    "cleared_at": {"$ref": "#/components/schemas/TimeOrNull"}, "clear_reason": {"type": ["string", "null"]},
    "shelved_until": {"$ref": "#/components/schemas/TimeOrNull"}, "count": {"type": "integer"},
    "durable": {"type": "boolean"}, "snapshot": {"type": ["string", "null"]}, "clip": {"type": ["string", "null"]},
    "clip_from": {"$ref": "#/components/schemas/TimeOrNull"}}},
  "AlarmList": {"type": "object", "required": ["alarms", "next"], "properties": {
    "alarms": {"type": "array", "items": {"$ref": "#/components/schemas/Alarm"}}, "next": {"type": ["string", "null"]}}},
  "Delivery": {"type": "object", "required": ["id", "sink", "event", "type", "alarm", "camera", "kind", "state", "since",
    "attempts", "next_attempt", "last_error"], "properties": {
    "id": {"type": "string"}, "sink": {"type": "string"}, "event": {"type": "string"}, "type": {"type": "string"},
    "alarm": {"type": "string"}, "camera": {"type": ["string", "null"]}, "kind": {"type": "string"},
    "state": {"enum": ["pending", "failed"]}, "since": {"$ref": "#/components/schemas/Time"},
    "attempts": {"type": "integer"}, "next_attempt": {"$ref": "#/components/schemas/TimeOrNull"},
    "last_error": {"type": ["string", "null"]}}},
  "DeliveryList": {"type": "object", "required": ["deliveries", "next"], "properties": {
    "deliveries": {"type": "array", "items": {"$ref": "#/components/schemas/Delivery"}},
    "next": {"type": ["string", "null"]}}},
  "Replayed": {"type": "object", "required": ["id", "state"], "properties": {
    "id": {"type": "string"}, "state": {"const": "pending"}}},
  "Camera": {"type": "object", "required": ["id", "name", "kind", "enabled", "state", "state_since", "reason", "health",
    "light", "width", "height", "codec", "decoder", "decoder_trouble", "fps_received", "fps_analyzed", "last_frame_at", "url", "analyzers", "views"],
    "properties": {
    "id": {"type": "string"}, "name": {"type": "string"}, "kind": {"enum": ["visible", "thermal"]},
    "enabled": {"type": "boolean"},
    "state": {"enum": ["connecting", "streaming", "stalled", "unauthorized", "unsupported", "offline"]},
    "state_since": {"$ref": "#/components/schemas/Time"}, "reason": {"type": ["string", "null"]},
    "health": {"type": ["string", "null"]}, "light": {"enum": ["day", "night", "adapting", null]},
    "width": {"type": "integer"}, "height": {"type": "integer"}, "codec": {"type": ["string", "null"]},
    "decoder": {"type": ["string", "null"]}, "decoder_trouble": {"type": ["string", "null"]},
    "fps_received": {"type": ["number", "null"]}, "fps_analyzed": {"type": ["number", "null"]},
    "last_frame_at": {"$ref": "#/components/schemas/TimeOrNull"}, "url": {"type": "string"},
    "analyzers": {"type": "array", "items": {"type": "object", "required": ["plugin", "state", "reason"], "properties": {
      "plugin": {"type": "string"}, "state": {"enum": ["starting", "running", "stuck", "disabled"]},
      "reason": {"type": ["string", "null"]}}}},
    "views": {"type": "array", "items": {"type": "string"}}}},
  "CameraList": {"type": "object", "required": ["cameras"], "properties": {
    "cameras": {"type": "array", "items": {"$ref": "#/components/schemas/Camera"}}}},
  "Observations": {"type": "object", "required": ["camera", "frame", "light", "motion", "plugins"], "properties": {
    "camera": {"type": "string"}, "frame": {"type": ["object", "null"]}, "light": {"type": ["string", "null"]},
    "motion": {"type": "boolean"},
    "plugins": {"type": "array", "items": {"type": "object", "required": ["plugin", "sequence", "at", "ms", "entities",
      "measurements", "conditions", "events", "details"], "properties": {
      "plugin": {"type": "string"}, "sequence": {"type": "integer"}, "at": {"$ref": "#/components/schemas/Time"},
      "ms": {"type": ["number", "null"]}, "entities": {"type": "array", "items": {"type": "object"}},
      "measurements": {"type": "array", "items": {"type": "object"}},
      "conditions": {"type": "array", "items": {"type": "object"}},
      "events": {"type": "array", "items": {"type": "object"}}, "details": {}}}}}},
  "Measurements": {"type": "object", "required": ["camera", "step", "series"], "properties": {
    "camera": {"type": "string"}, "step": {"type": "integer"},
    "series": {"type": "array", "items": {"type": "object", "required": ["plugin", "name", "unit", "labels", "points"],
      "properties": {"plugin": {"type": "string"}, "name": {"type": "string"}, "unit": {"type": ["string", "null"]},
      "labels": {"type": "object"},
      "points": {"type": "array", "items": {"type": "array", "minItems": 2, "maxItems": 2}}}}}}}
})JSON";
}

}  // namespace lynceus::daemon::http
