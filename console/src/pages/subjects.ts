/** Addresses of pages about one thing. */

const SUBJECTS = {
  access_key: "credential",
  credential: "credential",
  role: "role",
  iam_user: "user",
  user: "user",
  ec2_instance: "instance",
  instance: "instance",
} as const;

type SubjectKind = keyof typeof SUBJECTS;

export function eventHref(id: string): string {
  return `/events/${encodeURIComponent(id)}`;
}

export function incidentHref(id: string): string {
  return `/incidents/${encodeURIComponent(id)}`;
}

export function subjectHref(kind: SubjectKind, id: string): string {
  return `/subjects/${SUBJECTS[kind]}/${encodeURIComponent(id)}`;
}

/** The page about something that was found, where it has one. */
export function pageOf(kind: string, id: string): string | undefined {
  if (kind === "event") {
    return eventHref(id);
  }
  if (kind === "incident") {
    return incidentHref(id);
  }
  return Object.hasOwn(SUBJECTS, kind) ? subjectHref(kind as SubjectKind, id) : undefined;
}
