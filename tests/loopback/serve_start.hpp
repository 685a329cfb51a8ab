// Starts a target in the test's process, and waits for what only the server can see.
#pragma once
#include <gtest/gtest.h>

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "loopback/raw_client.hpp"
#include "target/server.hpp"

namespace saturn::test {

inline target::Server start(const target::Options& options = {}) {
  auto server = target::Server::start(options);
  EXPECT_TRUE(server) << (server ? "" : to_text(server.errors().front()));
  return std::move(server).value();
}

/// False when the condition is still not true after 5 s.
template <class Condition>
bool eventually(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (std::chrono::steady_clock::now() < until) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

}  // namespace saturn::test
