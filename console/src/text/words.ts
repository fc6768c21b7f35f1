/** The words for what the API says in codes. */
import type { Color, Severity, Status } from "../api/types";

export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "informational"];
export const STATUSES: readonly Status[] = ["new", "in_progress", "suppressed", "resolved", "archived"];

export const STATUS_WORDS: Record<Status, string> = {
  new: "New",
  in_progress: "In progress",
  suppressed: "Suppressed",
  resolved: "Resolved",
  archived: "Archived",
};

const KIND_WORDS: Record<string, string> = {
  access_key: "Access key",
  address: "Address",
  artifact: "Left behind",
  aws_service: "AWS service",
  ec2_instance: "EC2 instance",
  ecs_task: "ECS task",
  external_account: "Foreign account",
  group: "Group",
  iam_user: "IAM user",
  iam_user_access_key: "IAM user access key",
  identity_center: "Identity Center",
  identity_provider: "Identity provider",
  lambda_function: "Lambda function",
  oidc: "OIDC",
  role_session: "Role session",
  saml: "SAML",
  unknown: "Unknown origin",
};

/** `snake_case` as words, with AWS's own names where it has them. */
export function kindWords(kind: string): string {
  return KIND_WORDS[kind] ?? sentence(kind.replaceAll("_", " "));
}

/** The first letter as a capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a color says, for those who do not see it. */
export function colorWords(color: Color | undefined, hop: number | undefined): string {
  const isHop = hop !== undefined && hop > 0;
  const place = isHop ? `hop ${hop}` : "";
  switch (color) {
    case "red":
      return isHop ? `red, ${place}` : "red";
    case "orange":
      return isHop ? `orange, ${place}` : "orange";
    default:
      return place;
  }
}

/** "1 finding", "2 findings". */
export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? noun : plural}`;
}

/** A call as IAM's policies write it: `sts:AssumeRole` for `sts.amazonaws.com AssumeRole`. */
export function asAction(call: string): string {
  return call.replace(/^([a-z0-9-]+)\.amazonaws\.com /, "$1:");
}
