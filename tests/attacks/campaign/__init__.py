"""The mutation campaign: thousands of changed certificates, each decided, each ACCEPTED judged (`make campaign`)."""
