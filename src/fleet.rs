//! Many VMs: who ran where and when, which cluster keeps them activated, and what was claimed against
//! what could be.

pub mod audit;
pub mod cluster;
pub mod ledger;
