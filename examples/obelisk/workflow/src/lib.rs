//! A broadcast as a durable workflow of Obelisk: one template to many people, each of whom gets it once.
//!
//! The engine never repeats a send by itself (`max_retries = 0` of the activity); the workflow repeats those that certainly were not sent, and
//! lists those of which nobody knows.

mod bindings;
mod child;
mod outcome;
mod part;
mod whole;

use bindings::exports::example::whatsapp::broadcast::{Contact, Guest, Message, Report};

/// The exports.
struct Broadcast;

impl Guest for Broadcast {
    fn send(message: Message, contacts: Vec<Contact>) -> Result<Report, String> {
        whole::send(message, contacts)
    }

    fn send_part(message: Message, contacts: Vec<Contact>) -> Result<Report, String> {
        part::send(message, contacts)
    }

    fn note(key: String, status: String) -> Result<String, String> {
        Ok(format!("{key}: {status}"))
    }
}
