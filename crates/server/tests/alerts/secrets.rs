//! No secret is in a log, an error, a status or the outbox, whatever the other side answers.

use crate::server::{Reply, Server};
use crate::world::{GRACE, World, log, pass, rest, status, until};

const SECRETS: [&str; 4] =
    ["key-of-the-signature", "Bearer-of-the-hook", "R0KEYOFTHEPAGER", "path-of-the-chat"];

#[tokio::test(start_paused = true)]
async fn secrets_are_sent_and_never_said() {
    let mut world = World::new();
    let echo = SECRETS.join(" ");
    let replies = || {
        vec![
            Reply::Answer(500, "", echo.clone()),
            Reply::Close,
            Reply::Answer(400, "", echo.clone()),
        ]
    };
    let servers = [
        Server::start(replies()).await,
        Server::start(replies()).await,
        Server::start(replies()).await,
    ];
    let [signature, authorization, key, path] = SECRETS;
    let chat = format!("http://{}/services/{path}", servers[2].address);
    for (name, value) in [("A_SIGNATURE", signature), ("A_KEY", key), ("A_CHAT", &chat)] {
        world.environment.insert(name.into(), value.into());
    }
    let file = world.write("authorization", authorization);
    let sinks = world.sinks(&format!(
        "[[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\nsecret_env = \"A_SIGNATURE\"\n\
         authorization_file = \"{file}\"\n\
         [[sink]]\nname = \"pager\"\nkind = \"pagerduty\"\nurl = \"{}\"\nsecret_env = \"A_KEY\"\n\
         [[sink]]\nname = \"chat\"\nkind = \"slack\"\nurl_env = \"A_CHAT\"\n",
        servers[0].url(),
        servers[1].url(),
    ));
    let names = ["hook", "pager", "chat"];
    for sink in names {
        world.enqueue(sink, "a", 1);
    }
    let dispatcher = world.start(sinks);
    for (failures, wait) in [(1, 1.0), (2, 2.0)] {
        for sink in names {
            let failed = || status(&dispatcher, sink).failures_in_a_row == failures;
            until(sink, failed).await;
            rest(&dispatcher, sink).await;
        }
        pass(wait).await;
    }
    until("all are parked", || names.iter().all(|sink| world.depth(sink).parked == 1)).await;

    let all = servers.iter().flat_map(Server::received);
    let sent = all.map(|one| format!("{}{}", one.head, one.text())).collect::<Vec<_>>().concat();
    let errors = names.map(|sink| world.outbox.parked_errors(sink)).concat().concat();
    let said = format!("{:?}{}{errors}{}", dispatcher.status(), world.metrics.text(), log().text());
    let is_logged = |line: &str| line.contains("given up") && line.contains("sink=chat ");
    assert!(log().text().lines().any(is_logged), "the log is looked at");
    assert!(errors.contains("status 400: "), "{errors}");
    // Each server echoes all of them; a sink masks those that are its own.
    let own = [(0, signature), (0, authorization), (1, key), (2, &*chat)];
    for (index, secret) in own {
        let error = &world.outbox.parked_errors(names[index])[0];
        assert!(!error.contains(secret), "{error}");
    }
    assert!(!said.contains(&chat), "{said}");
    assert!(sent.contains(authorization) && sent.contains(key) && sent.contains(path));
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn a_secret_in_a_file_may_change_and_may_be_missing_for_a_while() {
    let world = World::new();
    let server = Server::start(vec![]).await;
    let file = world.write("authorization", "first\n");
    let sinks = world.sinks(&format!(
        "[[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"{}\"\nauthorization_file = \"{file}\"\n",
        server.url()
    ));
    std::fs::remove_file(&file).unwrap();
    world.enqueue("hook", "a", 1);
    let dispatcher = world.start(sinks);
    until("it failed", || status(&dispatcher, "hook").failures_in_a_row == 1).await;
    let (_, why) = status(&dispatcher, "hook").last_failure.unwrap();
    assert!(why.starts_with("a secret cannot be read: No such file"), "{why}");
    world.write("authorization", "second\n");
    rest(&dispatcher, "hook").await;
    pass(1.0).await;
    until("it is taken", || world.depth("hook").waiting == 0).await;
    assert_eq!(server.received()[0].header("authorization"), Some("second"));
    assert!(dispatcher.stop(GRACE).await);
}
