import { expect, it } from "vitest";

import { fileName } from "./client";

it("a file has the name that the server gives it, and no path", () => {
  expect(fileName('attachment; filename="rolecall-1f.json"', "/incidents/1f/export.json")).toBe("rolecall-1f.json");
  expect(fileName('attachment; filename="../x"', "/incidents/1f/export.json")).toBe("export.json");
  expect(fileName(null, "/incidents/1f/report.html")).toBe("report.html");
});
