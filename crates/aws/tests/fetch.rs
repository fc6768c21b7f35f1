//! Fetches from a server of the test's own.

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    use aws::{FetchError, fetch};

    /// A server that gives `answers` one after the other, and the paths that it was asked for.
    fn server(answers: Vec<String>) -> (String, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = thread::spawn(move || {
            let serve = |answer: String| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut asked = [0; 4096];
                let length = stream.read(&mut asked).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
                let asked = String::from_utf8_lossy(asked.get(..length).unwrap()).into_owned();
                asked.split(' ').nth(1).unwrap().to_owned()
            };
            answers.into_iter().map(serve).collect()
        });
        (format!("http://{address}"), served)
    }

    fn answer(status: &str, headers: &str, body: &str) -> String {
        format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}",
            body.len()
        )
    }

    #[test]
    fn the_bytes_are_given_as_they_are() {
        let (url, served) = server(vec![answer("200 OK", "", "{\"a\": 1}\n")]);
        assert_eq!(fetch(&format!("{url}/ip-ranges.json")).unwrap(), b"{\"a\": 1}\n");
        assert_eq!(served.join().unwrap(), ["/ip-ranges.json"]);
    }

    #[test]
    fn a_redirect_is_followed_a_few_times() {
        let moved = || answer("302 Found", "Location: /there\r\n", "");
        let (url, served) = server(vec![moved(), answer("200 OK", "", "there")]);
        assert_eq!(fetch(&url).unwrap(), b"there");
        assert_eq!(served.join().unwrap(), ["/", "/there"]);
        let (url, _served) = server((0..10).map(|_| moved()).collect());
        assert!(matches!(fetch(&url), Err(FetchError::Failed(_))));
    }

    #[test]
    fn a_status_that_is_no_success_is_an_error() {
        let (url, _served) = server(vec![answer("503 Service Unavailable", "", "later")]);
        assert!(matches!(fetch(&url), Err(FetchError::Status(503))));
    }

    #[test]
    fn an_answer_that_ends_early_is_an_error() {
        let whole = answer("200 OK", "", "0123456789");
        let cut = whole.trim_end_matches("789").to_owned();
        let (url, _served) = server(vec![cut]);
        assert!(matches!(fetch(&url), Err(FetchError::Broken(_))));
    }

    #[test]
    fn an_endless_answer_is_an_error() {
        let body = "x".repeat(usize::try_from(aws::ANSWER_BYTES_MAX).unwrap() + 1);
        let (url, _served) = server(vec![answer("200 OK", "", &body)]);
        assert!(matches!(fetch(&url), Err(FetchError::TooLarge)));
    }

    #[test]
    fn nobody_there_is_an_error() {
        assert!(matches!(fetch("http://127.0.0.1:1/"), Err(FetchError::Failed(_))));
        assert!(matches!(fetch("no address"), Err(FetchError::Failed(_))));
    }
}
