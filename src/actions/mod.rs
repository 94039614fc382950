//! The actions, one file each; limits live beside what they limit.

pub mod address;
pub mod carousel;
pub mod choices;
pub mod commerce;
pub mod connection;
pub mod contacts;
pub mod flow;
pub mod interactive;
pub mod location;
pub mod media;
pub mod message;
pub mod phone_numbers;
pub mod reaction;
pub mod read_receipt;
pub mod registration;
pub mod requests;
pub mod template;
pub mod template_components;
pub mod text;
