#include "target/store.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <optional>

#include "target/response.hpp"

namespace saturn::target {
namespace {

constexpr int kBusyTimeoutMs = 5000;
constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS items(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, "
    "description TEXT, price REAL NOT NULL)";

/// A statement in use: its bindings and locks are given back at the end, whatever happened.
class Use {
 public:
  explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
  ~Use() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  sqlite3_stmt* statement_;
};

Store::Outcome to_outcome(int code) {
  const int primary = code & 0xFF;
  if (primary == SQLITE_OK || primary == SQLITE_DONE || primary == SQLITE_ROW) return Store::Outcome::done;
  return primary == SQLITE_BUSY || primary == SQLITE_LOCKED ? Store::Outcome::busy : Store::Outcome::failed;
}

std::string_view column_text(sqlite3_stmt* statement, int column) {
  const auto* bytes = sqlite3_column_text(statement, column);
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

void append_row(std::string& json, sqlite3_stmt* row) {
  std::optional<std::string_view> description;
  if (sqlite3_column_type(row, 2) != SQLITE_NULL) description = column_text(row, 2);
  append_item(json, sqlite3_column_int64(row, 0), column_text(row, 1), description,
              sqlite3_column_double(row, 3));
}

void bind_text(sqlite3_stmt* statement, int index, std::string_view text) {
  // SQLite takes a null pointer for NULL, whatever the length.
  sqlite3_bind_text64(statement, index, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
}

void bind_fields(sqlite3_stmt* statement, const ItemFields& fields) {
  bind_text(statement, 1, fields.name);
  if (fields.description) bind_text(statement, 2, *fields.description);
  sqlite3_bind_double(statement, 3, fields.price);
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const std::string& file) {
  std::unique_ptr<Store> store(new Store);
  const auto refused = [&](const char* remedy) {
    return Error{"--db",
                 fmt::format("cannot use {}: {}", file.empty() ? "memory" : file, store->last_error()),
                 remedy, ErrorKind::setup};
  };
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const char* const name = file.empty() ? ":memory:" : file.c_str();
  if (sqlite3_open_v2(name, &store->database_, flags, nullptr) != SQLITE_OK)
    return refused("give a file in a directory that exists and may be written");
  sqlite3_busy_timeout(store->database_, kBusyTimeoutMs);
  if (store->execute(kSchema) != Outcome::done)
    return refused("give a SQLite database that may be written, or a file that does not exist yet");
  const bool fits =
      store->prepare(store->list_, "SELECT id, name, description, price FROM items ORDER BY id") &&
      store->prepare(store->get_, "SELECT id, name, description, price FROM items WHERE id = ?1") &&
      store->prepare(store->insert_, "INSERT INTO items(name, description, price) VALUES(?1, ?2, ?3)") &&
      store->prepare(store->update_,
                     "UPDATE items SET name = ?1, description = ?2, price = ?3 WHERE id = ?4") &&
      store->prepare(store->remove_, "DELETE FROM items WHERE id = ?1");
  if (!fits) return refused("its table `items` needs the columns id, name, description, price");
  return store;
}

Store::~Store() {
  for (sqlite3_stmt* statement : {list_, get_, insert_, update_, remove_}) sqlite3_finalize(statement);
  sqlite3_close(database_);
}

bool Store::prepare(sqlite3_stmt*& statement, const char* sql) {
  return sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK;
}

Store::Outcome Store::execute(const char* sql) {
  return to_outcome(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr));
}

Store::Outcome Store::list(std::string& json) {
  const std::lock_guard lock(mutex_);
  const Use use(list_);
  const std::size_t before = json.size();
  json += '[';
  const char* separator = "";
  int code = SQLITE_ROW;
  while ((code = sqlite3_step(list_)) == SQLITE_ROW) {
    append_row(json += separator, list_);
    separator = ", ";
  }
  json += ']';
  const Outcome outcome = to_outcome(code);
  if (outcome != Outcome::done) json.resize(before);
  return outcome;
}

Store::Outcome Store::get(std::int64_t id, std::string& json) {
  const std::lock_guard lock(mutex_);
  const Use use(get_);
  sqlite3_bind_int64(get_, 1, id);
  const int code = sqlite3_step(get_);
  if (code == SQLITE_DONE) return Outcome::missing;
  if (code == SQLITE_ROW) append_row(json, get_);
  return to_outcome(code);
}

/// One row more or less, or another one; `missing` where there was none.
Store::Outcome Store::run_change(sqlite3_stmt* statement) {
  const Outcome outcome = to_outcome(sqlite3_step(statement));
  if (outcome != Outcome::done) return outcome;
  return sqlite3_changes(database_) == 0 ? Outcome::missing : Outcome::done;
}

Store::Outcome Store::insert_row(const ItemFields& fields) {
  const Use use(insert_);
  bind_fields(insert_, fields);
  return run_change(insert_);
}

Store::Outcome Store::insert(const ItemFields& fields, std::string& json) {
  const std::lock_guard lock(mutex_);
  const Outcome outcome = insert_row(fields);
  if (outcome == Outcome::done)
    append_item(json, sqlite3_last_insert_rowid(database_), fields.name, fields.description, fields.price);
  return outcome;
}

Store::Outcome Store::update(std::int64_t id, const ItemFields& fields, std::string& json) {
  const std::lock_guard lock(mutex_);
  const Use use(update_);
  bind_fields(update_, fields);
  sqlite3_bind_int64(update_, 4, id);
  const Outcome outcome = run_change(update_);
  if (outcome == Outcome::done) append_item(json, id, fields.name, fields.description, fields.price);
  return outcome;
}

Store::Outcome Store::remove(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  const Use use(remove_);
  sqlite3_bind_int64(remove_, 1, id);
  return run_change(remove_);
}

Store::Outcome Store::seed(std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  Outcome outcome = execute("BEGIN IMMEDIATE");
  for (std::uint64_t i = 1; i <= count && outcome == Outcome::done; ++i) {
    const std::string name = fmt::format("Item {}", i),
                      description = fmt::format("Description of item {}", i);
    outcome = insert_row({name, description, static_cast<double>(i) + 0.5});
  }
  if (outcome == Outcome::done) return execute("COMMIT");
  (void)execute("ROLLBACK");
  return outcome;
}

std::string Store::last_error() const {
  const std::lock_guard lock(mutex_);
  return database_ == nullptr ? "out of memory" : sqlite3_errmsg(database_);
}

}  // namespace saturn::target
