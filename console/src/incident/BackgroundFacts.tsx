/** What is known about the workload that an incident begins at. */
import type { Background } from "../api/background";
import { Line } from "../text/Untrusted";
import { Time } from "../time/Time";
import { Copyable } from "./Copyable";

export function BackgroundFacts({ background }: { background: Background }) {
  const facts: [string, string | undefined][] = [
    ["Instance", background.instance_id],
    ["Name", background.name],
    ["Account", background.account_id],
    ["Region", background.region],
    ["VPC", background.vpc_id],
    ["Subnet", background.subnet_id],
    ["Image", background.image_id],
    ["Security groups", background.security_group_ids?.join(", ")],
    ["Role", background.role_arn],
    ["IMDS tokens", background.http_tokens],
    ["Calls by IMDS version", imds(background)],
    ["Launched by", background.launch?.principal_arn],
  ];
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
  return (
    <>
      <dl className="facts">
        {known.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Copyable text={value} name={name} />
            </dd>
          </div>
        ))}
        {background.launched_at !== undefined && (
          <div>
            <dt>Launched</dt>
            <dd>
              <Time at={background.launched_at} />
            </dd>
          </div>
        )}
        {background.terminated_at !== undefined && (
          <div>
            <dt>Terminated</dt>
            <dd>
              <Time at={background.terminated_at} />
            </dd>
          </div>
        )}
      </dl>
      <Addresses background={background} />
    </>
  );
}

function Addresses({ background: { addresses = [] } }: { background: Background }) {
  return (
    addresses.length > 0 && (
      <ul className="plain">
        {addresses.map(({ address, because }) => (
          <li key={address + (because ?? "")}>
            <b>
              <Line text={address} limit={60} />
            </b>{" "}
            <small>
              <Line text={because ?? ""} limit={120} />
            </small>
          </li>
        ))}
      </ul>
    )
  );
}

function imds({ calls_by_imds_version: calls }: Background): string | undefined {
  return calls === undefined ? undefined : `${calls.v1} by version 1, ${calls.v2} by version 2`;
}
