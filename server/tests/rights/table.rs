//! What every route answers whom, at which site. Read it as a reviewer: a number that should not be there is a hole.
//!
//! Callers: *nobody*; four accounts, an administrator of all sites, one of the own site alone (the *steward*, who manages no accounts),
//! a reviewer and an auditor of the own site; a *guest*, who reviews the other site; a *phone* of the own site, one of the *other* site, and one of the own site that is *cut* off.
//! A phone that is cut off may deliver and not read: what it asks here is to read. The sites have no snapshot yet.
//! Where a path names a site there are three answers: at the own site, at the other, at one that does not exist. A phone of each was
//! copied, and a chain of it has forked.
//! Bodies are in order, with codes and passwords that are good: `!` stands where what was asked for comes about, and is seen to. Where it
//! does not, the refusal is the caller's.

pub(crate) const CALLERS: [&str; 9] =
    ["nobody", "admin", "steward", "hq", "auditor", "guest", "phone", "other", "cut"];

pub(crate) const TABLE: &str = "
GET  /healthz                                200           200           200           200           200           200           200           200           200
GET  /readyz                                 200           200           200           200           200           200           200           200           200
GET  /assets/{file}                          200           200           200           200           200           200           200           200           200
GET  /v1/openapi.json                        303           200           403           403           403           403           401           401           401
GET  /login                                  200           303           303           303           303           303           200           200           200
POST /login                                  303!          403           403           403           403           403           403           403           403
GET  /setup                                  303           303           303           303           303           303           303           303           303
POST /setup                                  403           403           403           403           403           403           403           403           403
GET  /                                       303           200           200           200           200           200           401           401           401
GET  /events                                 303           200           200           200           200           200           401           401           401
GET  /account                                303           200           200           200           200           200           401           401           401
POST /account                                303           303!          303!          303!          303!          303!          401           401           401
GET  /accounts                               303           200           403           403           403           403           401           401           401
POST /accounts                               303           200!          403           403           403           403           401           401           401
GET  /sites/{site}                           303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/events                    303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/conflicts                 303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/people                    303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/phones                    303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/entries/{chain}/{seq}/{mark} 303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/entries/{chain}/{seq}/{mark}/proof 303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/forks/{fork}              303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
POST /sites/{site}/forks/{fork}              303/303/303   303!/303!/404 303!/404/404  303!/404/404  403/404/404   404/303!/404  401/401/401   401/401/401   401/401/401
GET  /sites/{site}/forks/{fork}/proof        303/303/303   200/200/404   200/404/404   200/404/404   403/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/rounds                    303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/rounds/{round}            303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
POST /sites/{site}/rounds/{round}            303/303/303   303!/303!/404 303!/404/404  303!/404/404  403/404/404   404/303!/404  401/401/401   401/401/401   401/401/401
GET  /sites/{site}/incidents                 303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/incidents/{incident}      303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
POST /sites/{site}/incidents/{incident}      303/303/303   303!/303!/404 303!/404/404  303!/404/404  403/404/404   404/303!/404  401/401/401   401/401/401   401/401/401
GET  /sites/{site}/handovers                 303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
GET  /sites/{site}/handovers/{handover}      303/303/303   200/200/404   200/404/404   200/404/404   200/404/404   404/200/404   401/401/401   401/401/401   401/401/401
POST /sites/{site}/handovers/{handover}      303/303/303   303!/303!/404 303!/404/404  303!/404/404  403/404/404   404/303!/404  401/401/401   401/401/401   401/401/401
POST /v1/enrol                               200!          200!          200!          200!          200!          200!          200!          200!          200!
POST /v1/dropbox/{site}                      202!/422/422  202!/422/422  202!/422/422  202!/422/422  202!/422/422  202!/422/422  202!/422/422  202!/422/422  202!/422/422
POST /v1/sites/{site}/sync                   401/401/401   401/401/401   401/401/401   401/401/401   401/401/401   401/401/401   200!/404/404  404/200!/404  401/404/404
POST /v1/sites/{site}/people                 401/401/401   401/401/401   401/401/401   401/401/401   401/401/401   401/401/401   200!/404/404  404/200!/404  401/404/404
GET  /v1/sites/{site}/snapshot               401/401/401   401/401/401   401/401/401   401/401/401   401/401/401   401/401/401   404/404/404   404/404/404   401/404/404
POST /logout                                 303           303!          303!          303!          303!          303!          401           401           401
";

/// What is done before there is any account, by whoever comes first: with a wrong token, and with the one in the server's file.
pub(crate) const FIRST: &str = "
POST /setup 403
POST /setup 303!
";
