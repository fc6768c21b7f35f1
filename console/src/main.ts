/**
 * Begins: asks for what the page at the address shows, and for its code, before either is needed.
 *
 * Nothing that takes long to load is imported here, so that the questions are on their way while the
 * browser still reads the rest.
 */
import { askAhead } from "./api/client";
import { codeOf } from "./pages/code";
import { questionsOf } from "./shell/ahead";
import { takeToken } from "./shell/token";

const token = takeToken();

// Whoever is not signed in yet gets no answer.
if (token === undefined) {
  questionsOf(window.location).forEach(askAhead);
}

const code = codeOf(window.location.pathname)?.load();
// The page asks for it again, and says so where it cannot be had.
code?.catch(() => undefined);
// Not awaited here: what is imported there imports from here.
void import("./console").then(({ show }) => show(token, code));
