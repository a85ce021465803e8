import assert from "node:assert/strict";
import { test } from "node:test";
import { Feed } from "../../specdec/web/core/feed.js";

// A player that notes what it is given, and a server that keeps `kept`, NDJSON of one-letter lines.
function mounted(kept = "") {
  const seen = [];
  const asked = [];
  const player = {
    show: (text) => seen.push(`show ${text}`),
    append: (text) => seen.push(`append ${text}`),
    cut: () => seen.push("cut"),
  };
  const server = { kept };
  const ask = async (run, first) => {
    asked.push([run, first]);
    return server.kept
      .split(/(?<=\n)/)
      .slice(first)
      .join("");
  };
  return { feed: new Feed(player, ask), seen, asked, server };
}

const send = (feed, first, lines, run = "r") => feed.take({ run, first, lines });
const settled = () => new Promise((done) => setTimeout(done));

test("the first lines of a run are shown, those that follow are appended", () => {
  const { feed, seen } = mounted();
  send(feed, 0, "a\nb\n");
  send(feed, 2, "c\n");
  send(feed, 0, "x\n", "another");
  assert.deepEqual(seen, ["show a\nb\n", "append c\n", "show x\n"]);
});

test("lines that came before are not appended again", () => {
  const { feed, seen, asked } = mounted();
  send(feed, 0, "a\nb\n");
  send(feed, 0, "a\nb\n");
  send(feed, 1, "b\nc\n");
  assert.deepEqual(seen, ["show a\nb\n", "append c\n"]);
  assert.deepEqual(asked, []);
});

test("lines that were lost are asked for, once, and nothing is shown twice", async () => {
  const { feed, seen, asked } = mounted("a\nb\nc\nd\n");
  send(feed, 0, "a\n");
  send(feed, 2, "c\n");
  send(feed, 3, "d\n");
  await settled();
  assert.deepEqual(asked, [["r", 1]]);
  assert.deepEqual(seen, ["show a\n", "append b\nc\nd\n"]);
});

test("a run whose beginning was lost is shown from its beginning", async () => {
  const { feed, seen } = mounted("a\nb\n");
  send(feed, 1, "b\n");
  await settled();
  assert.deepEqual(seen, ["show a\nb\n"]);
});

test("what is lost again while it is asked for is asked for again", async () => {
  const { feed, seen, asked, server } = mounted("a\nb\nc\n");
  send(feed, 0, "a\n");
  send(feed, 2, "c\n");
  server.kept = "a\nb\nc\nd\ne\n";
  send(feed, 4, "e\n");
  await settled();
  assert.equal(seen.join(""), "show a\nappend b\nc\nappend d\ne\n");
  assert.equal(asked.length, 2);
});

test("where nothing is kept of what was lost, the run is cut", async () => {
  const { feed, seen } = mounted("");
  send(feed, 0, "a\n");
  send(feed, 2, "c\n");
  await settled();
  assert.deepEqual(seen, ["show a\n", "cut"]);
});

test("an answer about a run that is no longer on show is dropped", async () => {
  const { feed, seen } = mounted("a\nb\nc\n");
  send(feed, 0, "a\n");
  send(feed, 2, "c\n");
  send(feed, 0, "x\n", "another");
  await settled();
  assert.deepEqual(seen, ["show a\n", "show x\n"]);
});
