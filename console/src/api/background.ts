/** What is known about a workload: a part of the scan document that the API passes on as it is. */

export interface Background {
  kind: string;
  instance_id?: string;
  name?: string;
  account_id?: string;
  region?: string;
  vpc_id?: string;
  subnet_id?: string;
  image_id?: string;
  security_group_ids?: string[];
  role_arn?: string;
  addresses?: { address: string; because?: string }[];
  launch?: { principal_arn?: string };
  launched_at?: string;
  terminated_at?: string;
  http_tokens?: string;
  calls_by_imds_version?: { v1: number; v2: number };
  changes?: { event_time: string; event_name: string; event_id?: string; what: string; principal_arn?: string }[];
}

/** `value` as such, where it is one. */
export function backgroundOf(value: unknown): Background | undefined {
  const isOne = typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string";
  return isOne ? (value as Background) : undefined;
}
