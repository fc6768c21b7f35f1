//! What is refused for good is given up, kept to be seen, and tried again when somebody asks.

use server::alerts::{Depth, Outbox as _};
use server::clock::WallTime;

use crate::server::{Reply, Server};
use crate::world::{BEGIN, GRACE, World, pass, settle, status, until};

#[tokio::test(start_paused = true)]
async fn what_the_server_refuses_is_parked_and_seen() {
    for code in [400, 401, 403, 404, 410, 413, 422] {
        let world = World::new();
        let refusal = Reply::Answer(code, "", "invalid_blocks\u{1b}[2J".into());
        let server = Server::start(vec![refusal]).await;
        world.enqueue("hook", "a", 1);
        world.enqueue("hook", "b", 1);
        world.enqueue("hook", "a", 2);
        let dispatcher = world.start(world.webhook("hook", &server.url()));
        let parked = Depth { waiting: 0, parked: 1 };
        until("one is parked", || world.depth("hook") == parked).await;
        until("it is shown", || status(&dispatcher, "hook").depth == parked).await;
        pass(7200.0).await;
        settle().await;
        // It holds up neither other incidents nor what follows of its own.
        let keys: Vec<String> = server.bodies();
        assert_eq!(keys.len(), 3, "{keys:?}");
        let why = format!("it answered with status {code}: invalid_blocks\u{1b}[2J");
        assert_eq!(world.outbox.parked_errors("hook"), [&*why]);
        assert_eq!(status(&dispatcher, "hook").last_failure, Some((WallTime(BEGIN), why)));
        assert_eq!(
            world.metric("rolecall_notify_parked{"),
            "rolecall_notify_parked{sink=\"hook\"} 1"
        );
        assert_eq!(world.outbox.retry_parked("hook", WallTime(BEGIN)).unwrap(), 1);
        dispatcher.waker().wake();
        until("it is taken", || world.depth("hook") == Depth::default()).await;
        assert_eq!(server.n_received(), 4);
        assert!(dispatcher.stop(GRACE).await);
    }
}

#[tokio::test(start_paused = true)]
async fn redirects_are_not_followed() {
    for code in [301, 302, 303, 307, 308] {
        let world = World::new();
        let elsewhere = Server::start(vec![]).await;
        let location = format!("location: {}\r\n", elsewhere.url()).leak();
        let server = Server::start(vec![Reply::Answer(code, location, String::new())]).await;
        world.enqueue("hook", "a", 1);
        let dispatcher = world.start(world.webhook("hook", &server.url()));
        until("it is parked", || world.depth("hook").parked == 1).await;
        settle().await;
        assert_eq!((server.n_received(), elsewhere.n_received()), (1, 0));
        let [why] = &world.outbox.parked_errors("hook")[..] else { panic!("not parked once") };
        assert!(why.ends_with("redirects are not followed"), "{why}");
        assert!(dispatcher.stop(GRACE).await);
    }
}
