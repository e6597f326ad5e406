//! What administrators collect from hosts and guests, read into records.
//!
//! From bytes to rows in four steps, each of which keeps going past what it cannot read and says
//! where and why:
//!
//! 1. [`encoding::decode`](crate::encoding::decode): the bytes that PowerShell wrote, as text.
//! 2. The caller's JSON parser deserialises each document into a `value::Value` (feature `serde`).
//!    The crate has no JSON parser of its own.
//! 3. `inventory::read` recognises the blocks of a document by the properties that they have.
//! 4. `inventory::Inventory` takes any number of documents and joins them to one row for each VM.
//! 5. `facts` tells what the records say about hosts and guests, as the rulebook reads it.
//!
//! Events of AVMA come as XML of their own too: [`event`] reads and writes it.
//! Beside them: [`slmgr`] reads the text of slmgr as a fallback; [`activation`] is what one
//! system shows of its activation, [`watch`] what changes of it over time, and [`report`] the crate's
//! own report of it as a key-value item.
//!
//! Nothing here judges: a record says what was collected, in the words of the class that it mirrors.
//!
//! Source: the outputs of Windows PowerShell 5.1 and PowerShell 7 for `Get-CimInstance`,
//! `Get-WmiObject`, `Get-VM` and the cluster's commands.

pub mod activation;
pub mod code;
pub mod event;
pub mod facts;
pub mod fault;
pub mod inventory;
pub mod kvp;
pub mod licensing;
pub mod report;
pub mod slmgr;
pub mod value;
pub mod watch;
pub mod wmi;
