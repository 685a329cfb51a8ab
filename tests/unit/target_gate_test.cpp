#include "target/gate.hpp"

#include <gtest/gtest.h>

namespace saturn::target {
namespace {

using namespace std::chrono_literals;

TEST(Gate, WorkThatFindsAPlaceIsDoneAfterItsTime) {
  Gate gate(2);
  EXPECT_EQ(gate.admit(100ms, 20ms), 120ms);
  EXPECT_EQ(gate.admit(105ms, 20ms), 125ms);
}

TEST(Gate, WhatFindsNoneWaitsForTheFirstThatIsFree) {
  Gate gate(2);
  gate.admit(100ms, 20ms);
  gate.admit(105ms, 20ms);
  EXPECT_EQ(gate.admit(106ms, 20ms), 140ms);
  EXPECT_EQ(gate.admit(106ms, 20ms), 145ms);
  EXPECT_EQ(gate.admit(106ms, 20ms), 160ms);
  EXPECT_EQ(gate.admit(200ms, 20ms), 220ms);
}

TEST(Gate, TheRateIsPlacesByTime) {
  Gate gate(8);
  Nanos last{0};
  for (int i = 0; i < 400; ++i) last = gate.admit(1s, 20ms);
  EXPECT_EQ(last, 2s);
}

TEST(Gate, AShortPieceOfWorkGivesItsPlaceBackEarly) {
  Gate gate(1);
  EXPECT_EQ(gate.admit(0ms, 5ms), 5ms);
  EXPECT_EQ(gate.admit(0ms, 100ms), 105ms);
  EXPECT_EQ(gate.admit(104ms, 5ms), 110ms);
}

}  // namespace
}  // namespace saturn::target
