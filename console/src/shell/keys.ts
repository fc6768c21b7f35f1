/** Keys that work on a page, unless something is being typed. */
import { useEffect, useRef } from "react";
import { useNavigate } from "react-router";

/** What a key does; keys are as `KeyboardEvent.key` names them, or two in a row: `g i`. */
export type Keys = Record<string, () => void>;

/** Milliseconds within which the second of two keys has to follow. */
const PAUSE = 1_200;

interface Held {
  readonly current: Keys;
}

/** The keys of everything that is shown: a pair of one part goes before a key of another. */
const held = new Set<Held>();

let before = { key: "", at: 0 };

export function useKeys(keys: Keys): void {
  const current = useRef(keys);
  useEffect(() => {
    current.current = keys;
  });
  useEffect(() => {
    if (held.size === 0) {
      window.addEventListener("keydown", onKey);
    }
    held.add(current);
    return () => {
      held.delete(current);
      if (held.size === 0) {
        window.removeEventListener("keydown", onKey);
      }
    };
  }, []);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
    return;
  }
  const first = event.timeStamp - before.at < PAUSE ? before.key : undefined;
  const act = actOf([...held].map(({ current }) => current), first, event.key);
  before = { key: event.key, at: event.timeStamp };
  if (act !== undefined) {
    event.preventDefault();
    act();
  }
}

/** What `key` does after `first`: what the two do together anywhere, or else what it does alone. */
export function actOf(maps: readonly Keys[], first: string | undefined, key: string): (() => void) | undefined {
  const find = (wanted: string) => maps.find((keys) => Object.hasOwn(keys, wanted))?.[wanted];
  return (first === undefined ? undefined : find(`${first} ${key}`)) ?? find(key);
}

/** The keys of every page. */
export function usePageKeys(showHelp: () => void): void {
  const navigate = useNavigate();
  useKeys({
    "?": showHelp,
    "/": focusSearch,
    "g o": () => void navigate("/"),
    "g i": () => void navigate("/incidents"),
    "g s": () => void navigate("/suppressions"),
    "g a": () => void navigate("/audit"),
  });
}

/** The bar at the top holds the box twice: once out of sight, to be measured. */
function focusSearch(): void {
  const boxes = [...document.querySelectorAll<HTMLElement>("#search")];
  boxes.find((box) => box.checkVisibility({ visibilityProperty: true }) && box.getBoundingClientRect().left >= 0)?.focus();
}

const TYPED_INTO =
  "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=dialog]";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest(TYPED_INTO) !== null;
}
