-- The first half million events as calls in Segment's format, with all that `analytics.js` sends along.
select
    uuid()::varchar as "anonymousId",
    {
        'library': {'name': 'analytics.js', 'version': 'next-1.81.0'},
        'page': {
            'path': path, 'referrer': 'https://www.google.com/', 'search': '?utm_source=google&utm_medium=cpc',
            'title': 'Acme – Software for teams', 'url': 'https://www.acme.example' || path
        },
        'userAgent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) '
            || 'Chrome/141.0.0.0 Safari/537.36',
        'userAgentData': {
            'brands': [{'brand': 'Chromium', 'version': '141'}], 'mobile': false, 'platform': 'macOS'
        },
        'ip': '203.0.113.' || (hash(lead_id) % 256),
        'locale': 'en-US',
        'timezone': 'Europe/Berlin',
        'campaign': {'name': 'autumn', 'source': 'google', 'medium': 'cpc'}
    } as context,
    'ajs-next-' || md5(uuid()::varchar) as "messageId",
    strftime("time" at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as "originalTimestamp",
    strftime("time" at time zone 'UTC' + interval 300 milliseconds, '%Y-%m-%dT%H:%M:%S.%gZ') as "receivedAt",
    strftime("time" at time zone 'UTC' + interval 40 milliseconds, '%Y-%m-%dT%H:%M:%S.%gZ') as "sentAt",
    strftime("time" at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as "timestamp",
    if(event = 'page', 'page', 'track') as "type",
    lead_id as "userId",
    if(event = 'page', null, event) as event,
    {
        'path': path, 'asset': asset, 'duration': duration, 'title': 'Acme – Software for teams',
        'referrer': 'https://www.google.com/', 'url': 'https://www.acme.example' || path
    } as properties
from 'events.parquet'
limit 500000
