import { expect, it } from "vitest";

import { newsOf } from "./live";

it("news say what changed, and nothing where they are not what was expected", () => {
  expect(newsOf('{"event":"incident","id":"1f","change":"triage"}')).toEqual({ id: "1f", change: "triage" });
  for (const data of ["", "{", "null", "7", "[]", '{"id":7}']) {
    expect(newsOf(data)).toEqual({});
  }
});
