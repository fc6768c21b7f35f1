/** Logs that are larger than any organization's bad day, for `measure.mjs`. */
import { createWriteStream } from "node:fs";
import { once } from "node:events";

const BEGIN = Date.parse("2026-03-01T00:00:00Z");

/** Milliseconds between two events of a log. */
const STEP = 1_000;

const account = (number) => String(111_111_111_111 + number);
const id = (prefix, number) => prefix + number.toString(36).toUpperCase().padStart(16, "X");

/** A log that is written event by event. */
class Log {
  #stream;
  #events = 0;

  constructor(path) {
    this.#stream = createWriteStream(path);
  }

  async event(userIdentity, [eventSource, eventName], rest) {
    const number = this.#events++;
    const eventID = `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
    const record = {
      eventVersion: "1.11",
      userIdentity,
      eventTime: new Date(BEGIN + number * STEP).toISOString().replace(".000Z", "Z"),
      eventSource,
      eventName,
      awsRegion: "eu-central-1",
      sourceIPAddress: `198.51.100.${number % 250}`,
      userAgent: "aws-cli/2.17.9 md/Botocore#1.34",
      requestParameters: null,
      responseElements: null,
      ...rest,
      eventID,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: userIdentity.accountId,
      eventCategory: "Management",
    };
    if (!this.#stream.write(`${JSON.stringify(record)}\n`)) {
      await once(this.#stream, "drain");
    }
  }

  /** `caller` takes a role of its account; gives the session. */
  async assume(caller, role, sessionNumber) {
    const { accountId } = caller;
    const roleId = `AROA${role.toUpperCase().replaceAll("-", "").padEnd(17, "X").slice(0, 17)}`;
    const session = {
      type: "AssumedRole",
      principalId: `${roleId}:session`,
      arn: `arn:aws:sts::${accountId}:assumed-role/${role}/session`,
      accountId,
      accessKeyId: id("ASIA", sessionNumber),
      sessionContext: {
        sessionIssuer: { type: "Role", principalId: roleId, arn: `arn:aws:iam::${accountId}:role/${role}`, accountId, userName: role },
        attributes: { creationDate: "", mfaAuthenticated: "false" },
      },
    };
    session.sessionContext.attributes.creationDate = new Date(BEGIN + this.#events * STEP).toISOString().replace(".000Z", "Z");
    await this.event(caller, ["sts.amazonaws.com", "AssumeRole"], {
      requestParameters: { roleArn: `arn:aws:iam::${accountId}:role/${role}`, roleSessionName: "session" },
      responseElements: {
        credentials: { accessKeyId: session.accessKeyId, expiration: "Mar 30, 2026, 12:00:00 PM" },
        assumedRoleUser: { assumedRoleId: `${roleId}:session`, arn: session.arn },
      },
    });
    return session;
  }

  /** `origin` takes three roles in a row, and with the last makes a user with a key. */
  async leaveBehind(origin, sessionNumber) {
    let last = origin;
    for (const [hop, role] of ["reader-0", "operator-0", "administrator"].entries()) {
      last = await this.assume(last, role, sessionNumber + hop);
    }
    await this.event(last, ["iam.amazonaws.com", "CreateUser"], {
      requestParameters: { userName: "Bob" },
      responseElements: { user: { userName: "Bob", arn: `arn:aws:iam::${origin.accountId}:user/Bob`, userId: id("AIDA", 77_777) } },
    });
    await this.event(last, ["iam.amazonaws.com", "CreateAccessKey"], {
      requestParameters: { userName: "Bob" },
      responseElements: { accessKey: { userName: "Bob", accessKeyId: id("AKIA", 77_777), status: "Active" } },
    });
  }

  async end() {
    this.#stream.end();
    await once(this.#stream, "finish");
  }
}

function user(number) {
  const accountId = account(number % 100);
  const userName = `user-${number}`;
  return { type: "IAMUser", principalId: id("AIDA", number), arn: `arn:aws:iam::${accountId}:user/${userName}`, accountId, accessKeyId: id("AKIA", number), userName };
}

/** So many keys, each of which takes two roles of its own in a row: an incident of each. */
export async function manyIncidents(path, incidents) {
  const log = new Log(path);
  for (let number = 0; number < incidents; number++) {
    const first = await log.assume(user(number), `reader-${number}`, 2 * number);
    await log.assume(first, `operator-${number}`, 2 * number + 1);
  }
  await log.end();
}

/** One key with so many sessions, of which one in twenty goes on to a second role, and one leads over three to a new user. */
export async function manySessions(path, sessions) {
  const log = new Log(path);
  const origin = user(0);
  let number = 0;
  for (; number < sessions - 3; number++) {
    const first = await log.assume(origin, `reader-${number % 40}`, number);
    if (number % 20 === 0 && number < sessions - 4) {
      await log.assume(first, `operator-${number % 7}`, ++number);
    }
  }
  await log.leaveBehind(origin, number);
  await log.end();
}

/** One key with so many sessions, all on orange or red paths: of 49 one is a first role, 24 are second and 24 third ones. */
export async function manySessionsOnPaths(path, sessions) {
  const log = new Log(path);
  const origin = user(0);
  let number = 0;
  while (number < sessions - 3) {
    const first = await log.assume(origin, `reader-${number % 40}`, number++);
    for (let pair = 0; pair < 24 && number < sessions - 3; pair++) {
      const second = await log.assume(first, `operator-${pair % 7}`, number++);
      if (number < sessions - 3) {
        await log.assume(second, `deployer-${pair % 5}`, number++);
      }
    }
  }
  await log.leaveBehind(origin, number);
  await log.end();
}
