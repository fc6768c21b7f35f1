import { expect, it } from "vitest";

import { mayDo, whyNotDecide, whyNotEnd } from "./user";

it("viewers look, and analysts and admins decide", () => {
  expect(whyNotDecide({ role: "viewer" })).toMatch(/analysts and admins/);
  expect(whyNotDecide({ role: "analyst" })).toBeUndefined();
  expect(whyNotDecide({ role: "admin" })).toBeUndefined();
  expect(mayDo("analyst", "admin")).toBe(false);
});

it("analysts end their own suppressions, and admins everybody's", () => {
  expect(whyNotEnd({ role: "analyst", user: "ann" }, "ann")).toBeUndefined();
  expect(whyNotEnd({ role: "analyst", user: "ann" }, "bob")).toMatch(/another's/);
  expect(whyNotEnd({ role: "admin", user: "ann" }, "bob")).toBeUndefined();
  expect(whyNotEnd({ role: "viewer", user: "ann" }, "ann")).toMatch(/You may look/);
});
