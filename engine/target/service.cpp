#include "target/service.hpp"

namespace saturn::target {

void Service::set_time(std::time_t now) {
  if (now == date_of_) return;
  date_of_ = now;
  date_ = http_date(now);
  repeat_.request.clear();
}

void Service::remember(const Route& route, const Request& request, std::string_view text,
                       std::string_view answer) {
  constexpr std::size_t most = 4096;
  if (route.endpoint != Endpoint::hello || request.method != Method::get || !delays_.none() ||
      text.size() > most)
    return;
  repeat_.request = text;
  repeat_.answer = answer;
}

Answer Service::answer(const Route& route, const Request& request, std::uint64_t nth, std::string& out) {
  const bool closes = !request.keep_alive || route.endpoint == Endpoint::close;
  Reply reply(out, request, date_, closes);
  Answer answer;
  answer.after = closes ? After::close : After::keep;
  answer.delay = is_truth(route.endpoint) ? Nanos(0) : delays_.next();
  answer.status = 200;
  if (!allows(route.endpoint, request.method)) {
    const std::string allow = "Allow: " + allowed_methods(route.endpoint);
    reply.add_header(allow);
    reply.detail(answer.status = 405, "Method Not Allowed");
    return answer;
  }
  switch (route.endpoint) {
    case Endpoint::hello:
      reply.whole(200, R"({"message": "Hello, World!"})");
      break;
    case Endpoint::echo:
      if (reader_.is_json(request.body)) {
        reply.whole(200, request.body);
      } else {
        reply.detail(answer.status = 400, "the body is not valid JSON");
      }
      break;
    case Endpoint::items:
    case Endpoint::item:
      answer.status = answer_items(route, request, reply);
      break;
    case Endpoint::truth:
      reply.whole(200, to_json(truth_.read()));
      break;
    case Endpoint::truth_reset:
      truth_.reset();
      reply.whole(200, "{}");
      break;
    case Endpoint::unknown:
      reply.detail(answer.status = 404, "Not Found");
      break;
    default: {
      const Answer fault = answer_fault(route, nth, reply);
      answer.status = fault.status;
      answer.delay += fault.delay;
      answer.filler = reply.filler();
      if (fault.after != After::keep) answer.after = fault.after;
    }
  }
  return answer;
}

int Service::answer_items(const Route& route, const Request& request, Reply& reply) {
  const auto id = static_cast<std::int64_t>(route.number);
  body_.clear();
  if (request.method == Method::get || request.method == Method::head)
    return answer_stored(route.endpoint == Endpoint::items ? store_.list(body_) : store_.get(id, body_), 200,
                         reply);
  if (request.method == Method::del) return answer_stored(store_.remove(id), 204, reply);
  ItemFields fields;
  if (const char* wrong = reader_.read(request.body, fields)) {
    reply.detail(422, wrong);
    return 422;
  }
  if (request.method == Method::post) return answer_stored(store_.insert(fields, body_), 201, reply);
  return answer_stored(store_.update(id, fields, body_), 200, reply);
}

/// Writes body_, or why there is none; `status` is that of success.
int Service::answer_stored(Store::Outcome outcome, int status, Reply& reply) {
  switch (outcome) {
    case Store::Outcome::done:
      reply.whole(status, body_);
      return status;
    case Store::Outcome::missing:
      reply.detail(404, "Item not found");
      return 404;
    case Store::Outcome::busy:
      reply.detail(503, "database: " + store_.last_error());
      return 503;
    case Store::Outcome::failed:
      break;
  }
  reply.detail(500, "database: " + store_.last_error());
  return 500;
}

Answer Service::refuse(RequestParser::Outcome outcome, std::string& out) {
  Reply reply(out, Request{}, date_, true);
  Answer answer{400, After::close, Nanos(0)};
  const char* words = "this is not HTTP/1.1";
  if (outcome == RequestParser::Outcome::head_too_large) {
    answer.status = 431;
    words = "the request's head is too large";
  } else if (outcome == RequestParser::Outcome::body_too_large) {
    answer.status = 413;
    words = "the request's body is too large";
  }
  reply.detail(answer.status, words);
  return answer;
}

}  // namespace saturn::target
