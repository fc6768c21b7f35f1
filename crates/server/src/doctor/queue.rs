//! What is wrong with a queue of notifications.

use std::time::Duration;

use aws::{Connection, Kind as ErrorKind, Queue, QueueState};
use report::Check;

use super::catalogue::{
    DEAD_LETTERS, QUEUE_ACCESS, QUEUE_BACKLOG, QUEUE_DEAD_LETTER, QUEUE_DELETE, QUEUE_RETENTION,
    QUEUE_STATE, QUEUE_VISIBILITY, run,
};

/// Shortest time-out that leaves room to extend it while the machine is busy.
const VISIBILITY_MIN: Duration = Duration::from_secs(60);

/// Shortest time that messages should be kept: a long weekend. It is what SQS does unless told
/// otherwise (Amazon SQS developer guide, "Queue parameters").
const RETENTION_MIN: Duration = Duration::from_secs(4 * 86_400);

/// Messages that may wait: some minutes of a large organization.
const BACKLOG_MAX: u64 = 5_000;

/// Looks at a queue; gives its ARN where it tells.
pub(super) async fn look(
    subject: &str,
    connection: &Connection,
    (url, no_ack): (&str, bool),
) -> (Vec<Check>, Option<String>) {
    let queue = match Queue::open(connection, url).await {
        Ok(queue) => queue,
        Err(error) => return (vec![QUEUE_ACCESS.failed(subject, &error)], None),
    };
    let state = match queue.state().await {
        Ok(state) => state,
        Err(error) if error.kind() == ErrorKind::Denied => {
            let not_tried = QUEUE_ACCESS.untold(subject, &error);
            return (vec![not_tried, QUEUE_STATE.untold(subject, &error)], None);
        }
        Err(error) => return (vec![QUEUE_ACCESS.failed(subject, &error)], None),
    };
    let mut checks = vec![receiving(subject, &queue, &state).await];
    checks.push(match queue.try_deleting().await {
        _ if no_ack => QUEUE_DELETE.ok(subject, "messages are left in the queue, as `no_ack` says"),
        None => QUEUE_DELETE.ok(subject, "messages can be deleted and kept hidden"),
        Some(error) => QUEUE_DELETE.failed(subject, &error),
    });
    checks.extend(of_state(subject, url, &state));
    if let Some(redrive) = &state.redrive {
        checks.push(dead_letters(subject, connection, &redrive.dead_letter_arn).await);
    }
    (checks, Some(state.arn))
}

/// Whether messages can be received. To try it counts as a delivery, which may be the one that
/// makes a message a dead letter.
async fn receiving(subject: &str, queue: &Queue, state: &QueueState) -> Check {
    if state.messages > 0 && state.redrive.is_some() {
        let found = format!(
            "not tried: {} messages wait, and to receive one counts as one of its deliveries",
            state.messages
        );
        return QUEUE_ACCESS.unknown(subject, found, "Look again when `serve` has emptied it.");
    }
    match queue.try_receiving().await {
        None => QUEUE_ACCESS.ok(subject, "messages can be received"),
        Some(error) => QUEUE_ACCESS.failed(subject, &error),
    }
}

fn of_state(subject: &str, url: &str, state: &QueueState) -> Vec<Check> {
    let set = |check: Check, attribute: &str| {
        let command = ["aws", "sqs", "set-queue-attributes", "--queue-url", url];
        run(check, &[&command[..], &["--attributes", attribute]].concat())
    };
    let mut checks = Vec::new();
    let (visibility, retention) = (state.visibility, state.retention);
    let seconds = format!("a message stays hidden for {} seconds", visibility.as_secs());
    checks.push(if visibility < VISIBILITY_MIN {
        let remedy = "Five minutes are usual; the program extends them while it works.";
        let check = QUEUE_VISIBILITY.problem(subject, seconds, remedy);
        set(check, "VisibilityTimeout=300")
    } else {
        QUEUE_VISIBILITY.ok(subject, seconds)
    });
    let hours = format!("a message is kept for {} hours", retention.as_secs() / 3_600);
    checks.push(if retention < RETENTION_MIN {
        let check = QUEUE_RETENTION.problem(subject, hours, "Keep them for up to two weeks.");
        set(check, "MessageRetentionPeriod=1209600")
    } else {
        QUEUE_RETENTION.ok(subject, hours)
    });
    let waiting = format!("{} messages wait", state.messages);
    checks.push(if state.messages > BACKLOG_MAX {
        let remedy = "See whether `serve` runs, and what it says of this source.";
        QUEUE_BACKLOG.problem(subject, waiting, remedy)
    } else {
        QUEUE_BACKLOG.ok(subject, waiting)
    });
    if state.redrive.is_none() {
        let found = "there is no dead-letter queue";
        let remedy = "Make one, and set it; `deploy/` has both.";
        let check = QUEUE_DEAD_LETTER.problem(subject, found, remedy);
        let attribute = r#"{"RedrivePolicy":"{\"deadLetterTargetArn\":\"ARN-OF-THE-DEAD-LETTER-QUEUE\",\"maxReceiveCount\":\"5\"}"}"#;
        checks.push(set(check, attribute));
    } else {
        checks.push(QUEUE_DEAD_LETTER.ok(subject, "there is a dead-letter queue"));
    }
    checks
}

async fn dead_letters(subject: &str, connection: &Connection, arn: &str) -> Check {
    let state = match Queue::open(connection, arn).await {
        Ok(queue) => queue.state().await,
        Err(error) => Err(error),
    };
    match state {
        Ok(state) if state.messages > 0 => {
            let found = format!("{} messages lie in `{arn}`", state.messages);
            let remedy = "See why, and send them back to their queue once that is mended.";
            let check = DEAD_LETTERS.problem(subject, found, remedy);
            run(check, &["aws", "sqs", "start-message-move-task", "--source-arn", arn])
        }
        Ok(_) => DEAD_LETTERS.ok(subject, format!("`{arn}` is empty")),
        Err(error) => DEAD_LETTERS.untold(subject, &error),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use aws::{QueueState, Redrive};
    use report::CheckState;

    use super::of_state;

    fn wrong(change: impl FnOnce(&mut QueueState)) -> Vec<&'static str> {
        let mut state = QueueState {
            visibility: Duration::from_secs(300),
            retention: Duration::from_secs(345_600),
            messages: 5_000,
            redrive: Some(Redrive::default()),
            ..QueueState::default()
        };
        change(&mut state);
        let checks = of_state("queue", "https://sqs.example.com/1/queue", &state);
        let wrong = checks.iter().filter(|check| check.state != CheckState::Ok);
        wrong.map(|check| check.check).collect()
    }

    #[test]
    fn each_setting_has_its_bound() {
        assert_eq!(wrong(|_| {}), Vec::<&str>::new());
        assert_eq!(wrong(|state| state.visibility = Duration::from_secs(59)), ["queue_visibility"]);
        assert_eq!(wrong(|state| state.retention = Duration::from_secs(60)), ["queue_retention"]);
        assert_eq!(wrong(|state| state.messages = 5_001), ["queue_backlog"]);
        assert_eq!(wrong(|state| state.redrive = None), ["queue_dead_letter"]);
    }
}
