/** Keeps a stream of events open: a browser gives up for good where the server refuses it once. */

/** What is used of an `EventSource`. */
export interface Source {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  readonly readyState: number;
  close: () => void;
}

/** Whether events arrive: not yet, now, or not any more. */
export type Live = "starting" | "on" | "off";

interface Told {
  onState: (live: Live) => void;
  /** It is there again, and what was told meanwhile is not known. */
  onBack: () => void;
  /** The server refused it. */
  onRefused: () => void;
}

const CLOSED = 2;
/** Milliseconds until it is tried again; twice as many after each failure. */
const FIRST_PAUSE = 1_000;
const LAST_PAUSE = 30_000;

/** Opens what `open` makes, again and again, until the function that is returned is called. */
export function keepOpen(open: () => Source, { onState, onBack, onRefused }: Told): () => void {
  let pause = FIRST_PAUSE;
  let wasCut = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  let source: Source;
  const begin = () => {
    source = open();
    source.onopen = () => {
      pause = FIRST_PAUSE;
      onState("on");
      if (wasCut) {
        onBack();
      }
      wasCut = false;
    };
    source.onerror = () => {
      wasCut = true;
      onState("off");
      // A browser that has not given up tries again by itself.
      if (source.readyState === CLOSED) {
        source.close();
        onRefused();
        again = setTimeout(begin, pause);
        pause = Math.min(LAST_PAUSE, pause * 2);
      }
    };
  };
  begin();
  return () => {
    clearTimeout(again);
    source.onopen = null;
    source.onerror = null;
    source.close();
  };
}
