/** What a phone checks of a long roll: every path of the vectors holds, and no other does. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isGrownFrom, isIncluded, leafHash } from "../core/rolltree.js";
import { vector } from "./support.js";

const trees = vector("roll_trees");

/** Everything that a path must not be: shorter, longer, with two hashes exchanged, with one digit changed, no list. */
function changed(path) {
  const other = "0".repeat(64);
  return [
    [...path, other],
    [other, ...path],
    path.slice(1),
    path.slice(0, -1),
    [...path].reverse(),
    path.map((hash) => hash.replace(/^./, (digit) => (digit === "0" ? "1" : "0"))),
    path.map((hash) => hash.toUpperCase()),
    null,
  ].filter((one) => JSON.stringify(one) !== JSON.stringify(path));
}

test("every record is found in its tree, at its place only", () => {
  for (const { texts, root, inclusion } of trees) {
    const size = texts.length;
    for (const [index, path] of inclusion.entries()) {
      const leaf = leafHash(texts[index]);
      assert.ok(isIncluded({ leaf, index, size, path, root }));
      for (let other = -1; other <= size; other += 1)
        assert.equal(isIncluded({ leaf, index: other, size, path, root }), other === index, `${index} at ${other} of ${size}`);
      assert.ok(!isIncluded({ leaf: leafHash("another"), index, size, path, root }));
      for (const wrong of changed(path)) assert.ok(!isIncluded({ leaf, index, size, path: wrong, root }));
    }
  }
});

test("a tree is grown from each of its beginnings, and from nothing else", () => {
  for (const { texts, root, consistency } of trees) {
    const size = texts.length;
    for (const [before, path] of consistency.entries()) {
      const [oldSize, oldRoot] = [before + 1, trees[before].root];
      assert.ok(isGrownFrom({ oldSize, oldRoot, size, root, path }));
      assert.ok(!isGrownFrom({ oldSize, oldRoot: leafHash("another"), size, root, path }));
      assert.ok(!isGrownFrom({ oldSize, oldRoot, size, root: leafHash("another"), path }));
      for (const wrong of changed(path)) assert.ok(!isGrownFrom({ oldSize, oldRoot, size, root, path: wrong }));
    }
  }
});

test("sizes that cannot be are refused", () => {
  const { root, consistency } = trees[4];
  for (const oldSize of [0, -1, 6, 1.5, "1", NaN])
    assert.ok(!isGrownFrom({ oldSize, oldRoot: trees[0].root, size: 5, root, path: consistency[0] }));
});
