/** Addresses of pages about one thing. */

const SUBJECTS: Record<string, string> = {
  access_key: "credential",
  credential: "credential",
  role: "role",
  iam_user: "user",
  user: "user",
  ec2_instance: "instance",
  instance: "instance",
};

/** The page about something that was found, where it has one. */
export function subjectHref(kind: string, id: string): string | undefined {
  if (kind === "event") {
    return `/events/${encodeURIComponent(id)}`;
  }
  if (kind === "incident") {
    return `/incidents/${encodeURIComponent(id)}`;
  }
  const subject = SUBJECTS[kind];
  return subject === undefined ? undefined : `/subjects/${subject}/${encodeURIComponent(id)}`;
}
