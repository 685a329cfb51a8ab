#include "target/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace saturn::target {

std::string_view reason(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 204:
      return "No Content";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 413:
      return "Content Too Large";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Status";
  }
}

std::string http_date(std::time_t now) {
  namespace chrono = std::chrono;
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const chrono::sys_seconds moment{chrono::seconds(now)};
  const auto midnight = chrono::floor<chrono::days>(moment);
  const chrono::year_month_day date(midnight);
  const chrono::hh_mm_ss time(moment - midnight);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[chrono::weekday(midnight).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

void Reply::whole(int status, std::string_view bytes, std::string_view type) {
  head(status, type, Framing::length, bytes.size());
  if (!has_no_body(status)) body(bytes);
}

void Reply::detail(int status, std::string_view words) {
  std::string text = R"({"detail": )";
  append_json_text(text, words);
  whole(status, text += '}');
}

void Reply::head(int status, std::string_view type, Framing framing, std::uint64_t length) {
  if (status == 200) {
    out_ += "HTTP/1.1 200 OK\r\nServer: saturn\r\nDate: ";
  } else {
    out_ += "HTTP/1.1 ";
    append_number(out_, static_cast<std::uint64_t>(status));
    (out_ += ' ') += reason(status);
    out_ += "\r\nServer: saturn\r\nDate: ";
  }
  out_ += date_;
  if (!has_no_body(status)) {
    (out_ += "\r\nContent-Type: ") += type;
    if (framing == Framing::length) append_number(out_ += "\r\nContent-Length: ", length);
    if (framing == Framing::chunked) out_ += "\r\nTransfer-Encoding: chunked";
  }
  if (!extra_header_.empty()) (out_ += "\r\n") += extra_header_;
  if (closes_) {
    out_ += "\r\nConnection: close";
  } else if (http_1_0_) {
    out_ += "\r\nConnection: keep-alive";
  }
  out_ += "\r\n\r\n";
}

void Reply::body(std::string_view bytes) {
  if (!head_only_) out_ += bytes;
}

void Reply::body_filler(std::uint64_t count) {
  if (head_only_) return;
  if (count < kLeastFiller) {
    out_.append(count, 'x');
  } else {
    filler_ = count;
  }
}

void Reply::chunks(std::uint64_t count, std::uint64_t chunk_bytes) {
  if (head_only_) return;
  while (count > 0) {
    const std::uint64_t size = std::min(count, chunk_bytes);
    append_number(out_, size, 16);
    (out_ += "\r\n").append(size, 'x') += "\r\n";
    count -= size;
  }
  out_ += "0\r\n\r\n";
}

void append_number(std::string& out, std::uint64_t number, int base) {
  char text[20];
  out.append(text, std::to_chars(text, text + sizeof text, number, base).ptr);
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (byte >= 0x20) {
      out += c;
    } else {
      out += byte < 0x10 ? "\\u000" : "\\u00";
      append_number(out, byte, 16);
    }
  }
  out += '"';
}

void append_item(std::string& out, std::int64_t id, std::string_view name,
                 std::optional<std::string_view> description, double price) {
  char number[32];
  (out += R"({"id": )").append(number, std::to_chars(number, number + sizeof number, id).ptr);
  append_json_text(out += R"(, "name": )", name);
  out += R"(, "description": )";
  if (description) {
    append_json_text(out, *description);
  } else {
    out += "null";
  }
  (out += R"(, "price": )").append(number, std::to_chars(number, number + sizeof number, price).ptr) += '}';
}

}  // namespace saturn::target
