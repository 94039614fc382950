//! How far a message got, whatever the order in which its statuses come.

use serde_json::{Value, json};

use super::{delivery, events, status};

/// The statuses of a delivery with these words.
fn statuses(words: &[&str]) -> Vec<Value> {
    let statuses: Vec<_> = words.iter().map(|word| status("wamid.A", word)).collect();
    let events = events(&delivery(&json!({"statuses": statuses})));
    let statuses = events
        .into_iter()
        .map(|mut event| event["payload"]["status"].take());
    statuses.collect()
}

#[test]
fn each_word_has_its_rank() {
    let table = [
        ("sent", 1),
        ("failed", 2),
        ("delivered", 3),
        ("read", 4),
        ("played", 5),
        ("deleted", 0),
        ("warning", 0),
        // Meta writes them in small letters; another form is another word.
        ("READ", 0),
    ];
    let words: Vec<_> = table.iter().map(|(word, _)| *word).collect();
    for (status, (word, rank)) in statuses(&words).iter().zip(table) {
        assert_eq!(status["rank"], rank, "{word}");
        assert_eq!(status["state"], word);
    }
}

#[test]
fn the_highest_rank_is_how_far_it_got_whatever_the_order() {
    let orders: [(&[&str], &str); 5] = [
        (&["sent", "delivered", "read"], "read"),
        (&["read", "delivered", "sent"], "read"),
        (&["delivered", "failed"], "delivered"),
        (&["failed", "sent"], "failed"),
        (&["sent", "a_new_word"], "sent"),
    ];
    for (words, expected) in orders {
        let statuses = statuses(words);
        let highest = statuses.iter().max_by_key(|status| status["rank"].as_u64());
        assert_eq!(highest.unwrap()["state"], expected, "{words:?}");
    }
}
