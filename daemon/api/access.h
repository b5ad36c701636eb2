// Who may do what: tokens, roles, the login cookie, and requests that a foreign page made a browser send.
//
// A token comes as `Authorization: Bearer` or in the cookie `lynceus`. With `auth: none`, or on loopback while no token
// was made, everybody is admin. What changes something without a bearer must be JSON by its Content-Type and, where a
// browser tells, come from our own page: both are out of a foreign page's reach. Owner: Api. Thread: any.
#pragma once

#include <optional>
#include <string>

#include "daemon/api/message.h"
#include "daemon/api/rate_limit.h"
#include "daemon/api/router.h"
#include "daemon/api/token_keeper.h"

namespace lynceus::daemon::http {

class Access {
 public:
  struct Settings {
    bool none = false;                                       ///< `auth: none`
    bool loopback = true;                                    ///< listens on loopback only
    bool metrics_open = false;                               ///< `metrics_auth: none`
    double writes_per_second = 100, reads_per_second = 200;  ///< a peer; reads of loopback are not counted
  };

  /// `tokens` may be null: nobody has one (tests, auth: none).
  Access(Settings settings, TokenKeeper* tokens, Clock& clock);

  /// The refusal, or who asks.
  std::variant<Identity, Response> admit(const Request& request, const Route& route);

  /// Body {"token"}; 200 with the cookie, 401, 429.
  Response login(const Request& request);
  static Response logout(const Request& request);

 private:
  bool everybody();
  std::optional<Identity> identify(const Request& request, bool& presented);
  Response unknown_token(const Request& request);

  const Settings settings_;
  TokenKeeper* const tokens_;
  RateLimit failures_, writes_, reads_;
};

}  // namespace lynceus::daemon::http
