/** What the console asks of the API, each question with the key that its answer is kept under. */
import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { get, path, post, remove } from "./client";
import { SUPPRESSED, decidedOn, refreshNow } from "./refresh";
import type {
  AuditList,
  FoundList,
  Graph,
  GraphRowList,
  Incident,
  IncidentList,
  Inspection,
  NewSuppression,
  Note,
  Overview,
  Plan,
  RawEvent,
  Session,
  SettingList,
  SignInWays,
  SourceList,
  Status,
  Subject,
  Suppression,
  SuppressionList,
  Timeline,
  Triage,
} from "./types";

export const session = () =>
  queryOptions({ queryKey: ["session"], queryFn: () => get<Session>("/session"), retry: false, staleTime: Infinity });

export const overview = () => queryOptions({ queryKey: ["overview"], queryFn: () => get<Overview>("/overview") });

export const incidents = (parameters: URLSearchParams) =>
  queryOptions({
    queryKey: ["incidents", parameters.toString()],
    queryFn: () => get<IncidentList>("/incidents", parameters),
    placeholderData: (previous) => previous,
  });

export const incident = (id: string) =>
  queryOptions({ queryKey: ["incident", id], queryFn: () => get<Incident>(path("incidents", id)) });

export const graph = (id: string, expanded: readonly string[]) =>
  queryOptions({
    queryKey: ["incident", id, "graph", ...expanded],
    queryFn: () =>
      get<Graph>(`${path("incidents", id)}/graph`, new URLSearchParams(expanded.length === 0 ? {} : { expand: expanded.join(",") })),
    placeholderData: (previous) => previous,
  });

export const timeline = (id: string) =>
  queryOptions({
    queryKey: ["incident", id, "timeline"],
    queryFn: () => get<Timeline>(`${path("incidents", id)}/timeline`),
  });

export const inspection = (id: string, kind: "node" | "edge", of: string) =>
  queryOptions({
    queryKey: ["incident", id, kind, of],
    queryFn: () => get<Inspection>(path("incidents", id, `${kind}s`, of)),
  });

export const plan = (id: string) =>
  queryOptions({
    queryKey: ["incident", id, "plan"],
    queryFn: () => get<Plan>(path("incidents", id, "plan")),
    retry: false,
  });

export const rawEvent = (id: string) =>
  queryOptions({
    queryKey: ["event", id],
    queryFn: () => get<RawEvent>(path("events", id)),
    retry: false,
    staleTime: Infinity,
  });

export const search = (text: string) =>
  queryOptions({
    queryKey: ["search", text],
    queryFn: () => get<FoundList>("/search", new URLSearchParams({ q: text })),
    enabled: text.length >= 3,
  });

/** Everything that can be decided about one incident; each decision makes its pages ask anew. */
export function useDecisions(id: string) {
  const client = useQueryClient();
  // A decision is under way until the page shows it.
  const refresh = () => refreshNow(client, ...decidedOn(id));
  const at = (...rest: string[]) => path("incidents", id, ...rest);
  return {
    triage: useMutation({
      mutationFn: (decision: { status: Status; reason: string; note?: string }) =>
        post<Triage>(at("triage"), decision),
      onSuccess: refresh,
    }),
    undo: useMutation({ mutationFn: () => post(at("triage", "undo")), onSuccess: refresh }),
    note: useMutation({ mutationFn: (text: string) => post<Note>(at("notes"), { text }), onSuccess: refresh }),
    tick: useMutation({
      mutationFn: ({ step, done }: { step: string; done: boolean }) =>
        post<Plan>(at("plan", step, "tick"), { done }),
      onSuccess: refresh,
    }),
  };
}

export const graphRows = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["incident", id, "rows"],
    queryFn: ({ pageParam }) => get<GraphRowList>(`${path("incidents", id)}/graph/rows`, cursorOf(pageParam, "500")),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

export const subject = (kind: string, id: string) =>
  queryOptions({ queryKey: ["subject", kind, id], queryFn: () => get<Subject>(path("subjects", kind, id)) });

export const sources = () =>
  queryOptions({ queryKey: ["sources"], queryFn: () => get<SourceList>("/sources") });

export const settings = () => queryOptions({ queryKey: ["settings"], queryFn: () => get<SettingList>("/settings") });

export const audit = () =>
  infiniteQueryOptions({
    queryKey: ["audit"],
    queryFn: ({ pageParam }) => get<AuditList>("/audit", cursorOf(pageParam, "100")),
    initialPageParam: "",
    getNextPageParam: ({ next_cursor }) => next_cursor,
  });

export const suppressions = () =>
  queryOptions({ queryKey: ["suppressions"], queryFn: () => get<SuppressionList>("/suppressions") });

export const ways = () => queryOptions({ queryKey: ["ways"], queryFn: () => get<SignInWays>("/sign-in-ways") });

/** Suppresses, and ends suppressions; both make the lists ask anew. */
export function useSuppressions() {
  const client = useQueryClient();
  const onSuccess = () => refreshNow(client, ...SUPPRESSED);
  return {
    suppress: useMutation({
      mutationFn: (wanted: NewSuppression) => post<Suppression>("/suppressions", wanted),
      onSuccess,
    }),
    end: useMutation({
      mutationFn: ({ id, reason }: { id: number; reason: string }) =>
        remove(path("suppressions", String(id)), { reason }),
      onSuccess,
    }),
  };
}

function cursorOf(cursor: string, limit: string): URLSearchParams {
  return new URLSearchParams(cursor === "" ? { limit } : { limit, cursor });
}
