"""Small web pages in the manner of several kinds of content management, all written for these tests."""

from __future__ import annotations

STORY = [
    "The council of Westhaven voted on Tuesday evening to close the old harbour bridge, which engineers have called unsafe for years.",
    "“We had no other choice,” the mayor, Ida Brandt, told reporters after the meeting, which lasted for more than four hours.",
    "The bridge was built in 1931 and carries about nine thousand cars on a working day, according to figures of the town.",
    "A new crossing is to be built two hundred metres down the river, and the council expects it to open in the spring of 2019.",
    "Shopkeepers on the eastern bank said they feared for their trade, and asked the town for a ferry while the works go on.",
]

MENU = "<nav class='main-nav'><ul><li><a href='/'>Home</a></li><li><a href='/world'>World</a></li><li><a href='/sport'>Sport</a></li></ul></nav>"
FOOTER = "<footer><p>© 2017 The Westhaven Courier. All rights reserved.</p><ul><li><a href='/imprint'>Imprint</a></li><li><a href='/privacy'>Privacy policy</a></li></ul></footer>"
RELATED = "<aside class='related'><h3>Related stories</h3><ul><li><a href='/a'>Ferry timetable to change in May</a></li><li><a href='/b'>Old mill becomes a museum</a></li></ul></aside>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>\n" for text in texts)


BLOG = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<title>Council votes to close harbour bridge &#8211; The Westhaven Courier</title>
<link rel="canonical" href="https://courier.example/2017/04/12/bridge/">
<meta property="og:site_name" content="The Westhaven Courier">
<meta property="og:title" content="Council votes to close harbour bridge &#8211; The Westhaven Courier">
<meta property="og:description" content="The old bridge has been called unsafe for years.">
<meta property="article:published_time" content="2017-04-12T18:05:00+00:00">
<meta property="article:modified_time" content="2017-04-13T08:00:00+00:00">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [
 {{"@type": "WebSite", "name": "The Westhaven Courier"}},
 {{"@type": ["Article", "NewsArticle"], "headline": "Council votes to close harbour bridge",
   "datePublished": "2017-04-12T18:05:00+00:00", "dateModified": "2017-04-13T08:00:00+00:00",
   "author": {{"@id": "https://courier.example/#/person/1"}}, "articleSection": ["Local"],
   "keywords": ["bridge", "council"]}},
 {{"@type": "Person", "@id": "https://courier.example/#/person/1", "name": "Ann Lee"}}]}}</script>
</head><body class="single-post">{MENU}
<main><article class="post hentry"><header class="entry-header"><span class="cat-links"><a href="/local">Local</a></span>
<h1 class="entry-title">Council votes to close harbour bridge</h1>
<div class="entry-meta"><span class="byline">By <a rel="author" href="/ann">Ann Lee</a></span>
<time class="published" datetime="2017-04-12T18:05:00+00:00">April 12, 2017</time></div></header>
<div class="entry-content">
<figure class="wp-block-image"><img src="data:image/gif;base64,R0" data-src="/media/bridge-300.jpg"
 data-srcset="/media/bridge-300.jpg 300w, /media/bridge-1200.jpg 1200w" alt="The harbour bridge">
<figcaption>The bridge on Monday morning. <span class="photo-credit">Photo: Bo Ek</span></figcaption></figure>
<p>{STORY[0]}</p><p>{STORY[1]}</p>
<h2>Nine thousand cars</h2>
<p>The bridge was built in <nobr>1931</nobr> and carries about <strong>nine thousand</strong> cars on a working day, see
<a href="../figures.html?a=1&amp;b=(2)">the figures of the town</a>.</p>
<ul><li>Cars: 9,000 a day</li><li>Lorries: 400 a day<ul><li>of these at night: 30</li></ul></li></ul>
<blockquote><p>It will be rebuilt by spring, and it will be a better bridge than the old one.</p></blockquote>
<p>{STORY[3]}</p>
<table><tr><th>Year</th><th>Cars</th></tr><tr><td>2015</td><td>8,100</td></tr><tr><td>2016</td><td>9,000</td></tr></table>
<p>{STORY[4]}</p>
<iframe src="https://www.youtube.com/embed/x1" title="The bridge from above"></iframe>
<p><em>Correction: an earlier version of this story gave the wrong year of construction.</em></p>
<div class="sharedaddy"><h3>Share this:</h3><ul><li><a href="#">Facebook</a></li><li><a href="#">Twitter</a></li></ul></div>
</div><footer class="entry-footer"><span class="tags-links"><a rel="tag" href="/t/bridge">bridge</a>
<a rel="tag" href="/t/council">council</a></span></footer></article>
<section id="comments"><h2>2 comments</h2><ol><li><p>Carl says: I have used this bridge every day for forty years and I shall miss it.</p></li></ol></section>
</main>{RELATED}{FOOTER}<script>var x = "<p>never a paragraph</p>";</script></body></html>"""

TABLES = f"""<HTML><HEAD><TITLE>Westhaven Online | News | Bridge to close</TITLE></HEAD>
<!-- saved from url=(0042)http://www.westhaven.example/1999/03/04/b.htm -->
<BODY bgcolor=white><TABLE width=760><TR><TD width=150><A href=/>Home</A><BR><A href=/n>News</A><BR><A href=/s>Sport</A></TD>
<TD><FONT size=5><H1>Bridge to close</H1></FONT><I>By Bo Ek</I><BR>March 4, 1999<P>
{STORY[0]}<BR><BR>{STORY[1]}<BR><BR>{STORY[2]}<P>{STORY[3]}<BR>And this is a line of its own, which follows upon it.
<P>{STORY[4]}</TD></TR></TABLE><HR><CENTER><FONT size=1>Copyright 1999 Westhaven Online</FONT></CENTER></BODY></HTML>"""

MICRODATA = """<!DOCTYPE html><html lang=de><head><title>Brücke wird gesperrt | Hafenblatt</title>
<meta name="author" content="Anna Maier, dpa"><meta property="og:site_name" content="Hafenblatt"></head><body>
<div id=nav><a href="/">Start</a> <a href="/lokal">Lokales</a></div>
<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Brücke wird gesperrt</h1>
<p class="teaser-lead standfirst">Seit Jahren gilt sie als unsicher, jetzt kommt sie weg.</p>
<span itemprop="author">Anna Maier</span> <time itemprop="datePublished" datetime="2018-05-03T07:00+02:00">3. Mai 2018</time>
<div itemprop="articleBody">
<p>Die Brücke am alten Hafen wird am Donnerstag gesperrt, wie die Stadt am Montag nach einer langen Sitzung mitteilte.</p>
<div class=ad>Anzeige</div>
<p>Neuntausend Autos fahren nach Angaben der Stadt an jedem Werktag über das Bauwerk, das im Jahr 1931 errichtet wurde.</p>
<p><b>Neue Querung im Frühjahr</b></p>
<p>Zweihundert Meter weiter flussabwärts soll eine neue Brücke entstehen, die im Frühjahr für den Verkehr freigegeben wird.</p>
</div></div><div class=footer>Impressum Datenschutz</div></body></html>"""

HIDDEN = """<html><head><title>Bridge to close</title><script type="application/ld+json">
{"@type": "NewsArticle", "headline": "Bridge to close", "articleBody": "BODY"}</script></head>
<body><h1>Bridge to close</h1><div id="app"><p>FIRST</p><p>Subscribe to read on.</p></div></body></html>"""
HIDDEN = HIDDEN.replace("BODY", "\\n\\n".join(STORY)).replace("FIRST", STORY[0])

FRAGMENT = """<p>First with <b>bold</b>, <i>italics</i> and 2*3*4_5_6.</p><h3>A subhead</h3>
<figure><img src="https://old.example/a.jpg" alt="A bridge"><figcaption>A bridge in spring</figcaption></figure>
<ol><li>one</li><li>two</li></ol><p>1. no list<br>- nor this</p><pre>code *here*
  indented</pre><p>Last &lt;b&gt; words &amp;amp; end.</p>"""
