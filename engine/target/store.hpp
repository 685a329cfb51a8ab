// The items table in SQLite, with its rows rendered as the study's JSON. A store may be shared by threads
// (its own mutex serialises them): in memory all threads share one store, because SQLite's shared cache
// answers "locked" without waiting; with a file each thread has its own store, default journal and a busy
// time-out of 5 s, as the Python targets have. Tested in tests/unit/target_store_test.cpp.
#pragma once
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "core/json/item_json.hpp"
#include "saturn/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace saturn::target {

class Store {
 public:
  enum class Outcome : std::uint8_t { done, missing, busy, failed };

  /// An empty name: in memory. Makes the table where there is none.
  static Result<std::unique_ptr<Store>> open(const std::string& file);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// These append their JSON only when they are done.
  Outcome list(std::string& json);
  Outcome get(std::int64_t id, std::string& json);
  Outcome insert(const ItemFields& fields, std::string& json);
  Outcome update(std::int64_t id, const ItemFields& fields, std::string& json);
  Outcome remove(std::int64_t id);

  /// Puts `count` records into the table, in one transaction.
  Outcome seed(std::uint64_t count);
  std::string last_error() const;  ///< SQLite's words for the last busy or failed

 private:
  Store() = default;
  bool prepare(sqlite3_stmt*& statement, const char* sql);
  Outcome execute(const char* sql);
  Outcome run_change(sqlite3_stmt* statement);
  Outcome insert_row(const ItemFields& fields);

  mutable std::mutex mutex_;
  sqlite3* database_ = nullptr;
  sqlite3_stmt *list_ = nullptr, *get_ = nullptr, *insert_ = nullptr, *update_ = nullptr, *remove_ = nullptr;
};

}  // namespace saturn::target
