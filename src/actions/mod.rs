//! The actions, one file each; limits live beside what they limit.

pub mod address;
pub mod connection;
pub mod media;
pub mod message;
pub mod phone_numbers;
pub mod registration;
pub mod template;
pub mod template_components;
pub mod text;
