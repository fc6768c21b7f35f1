/** Moves the focus to what may be drawn only a moment later. */

/** Frames to wait for it: about a second. */
const FRAMES_MAX = 60;

/** Moves the focus to what `find` gives, at once or as soon as it is there and can take it. */
export function focusOnceThere(find: () => HTMLElement | null | undefined, frames = FRAMES_MAX) {
  const found = find();
  found?.focus();
  if ((found == null || document.activeElement !== found) && frames > 0) {
    requestAnimationFrame(() => focusOnceThere(find, frames - 1));
  }
}
