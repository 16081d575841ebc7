/** Domains whose addresses say nothing about an employer. The first part of country domains (yahoo.*) is in FAMILIES. */
const DOMAINS = new Set(
  `gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com yahoo.com ymail.com rocketmail.com
  icloud.com me.com mac.com aol.com aim.com gmx.net gmx.de gmx.at gmx.ch gmx.com web.de freenet.de t-online.de
  arcor.de posteo.de mailbox.org email.de 1und1.de online.de mail.de mail.com email.com usa.com inbox.com
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tutanota.de tuta.io tuta.com keemail.me hey.com
  fastmail.com fastmail.fm hushmail.com zoho.com zohomail.com zohomail.eu yandex.ru yandex.com ya.ru mail.ru
  bk.ru inbox.ru list.ru rambler.ru ukr.net i.ua seznam.cz email.cz centrum.cz post.cz azet.sk centrum.sk wp.pl o2.pl
  onet.pl op.pl interia.pl gazeta.pl poczta.onet.pl abv.bg mail.bg citromail.hu freemail.hu
  ziggo.nl kpnmail.nl kpnplanet.nl planet.nl hetnet.nl home.nl xs4all.nl upcmail.nl chello.nl casema.nl quicknet.nl
  zonnet.nl tele2.nl telfort.nl online.nl solcon.nl caiway.nl zeelandnet.nl telenet.be skynet.be proximus.be
  scarlet.be pandora.be voo.be orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr
  libero.it virgilio.it alice.it tin.it tiscali.it fastwebnet.it pec.it telefonica.net terra.es sapo.pt
  bluewin.ch sunrise.ch hispeed.ch bredband.net telia.com comhem.se spray.se passagen.se tele2.se online.no
  broadpark.no frisurf.no jubii.dk ofir.dk mail.dk stofanet.dk get2net.dk suomi24.fi luukku.com elisanet.fi
  kolumbus.fi btinternet.com btopenworld.com sky.com talktalk.net virginmedia.com ntlworld.com blueyonder.co.uk
  tiscali.co.uk eircom.net comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net
  earthlink.net juno.com optonline.net rogers.com shaw.ca sympatico.ca videotron.ca telus.net bigpond.com
  bigpond.net.au optusnet.com.au iinet.net.au xtra.co.nz qq.com 163.com 126.com sina.com sohu.com foxmail.com
  naver.com hanmail.net daum.net rediffmail.com uol.com.br bol.com.br terra.com.br ig.com.br mynet.com
  duck.com privaterelay.appleid.com mozmail.com simplelogin.com anonaddy.com mailinator.com guerrillamail.com
  yopmail.com 10minutemail.com temp-mail.org trashmail.com`.split(/\s+/),
)

/** Providers with one domain per country: yahoo.co.uk, hotmail.fr, outlook.de, live.nl. */
const FAMILIES = /^(?:yahoo|hotmail|outlook|live|gmx|yandex)\.(?:[a-z]{2}|com?\.[a-z]{2})$/

/** Marketplaces hide the buyer behind an address of their own; such a domain is the marketplace's, not the buyer's. */
const RELAYS =
  /(?:^|\.)marketplace\.(?:amazon|ebay)\.[a-z.]{2,6}$|(?:^|\.)verkopen\.bol\.com$|(?:^|\.)members\.ebay\.com$/

/** True for a mail provider's or relay's domain, which never makes a company. `domain` in lower case. */
export const isFreeMail = (domain: string): boolean =>
  DOMAINS.has(domain) || FAMILIES.test(domain) || RELAYS.test(domain)

/** Domain of a normalised address when it may stand for a company, else null. */
export function companyDomain(email: string | null): string | null {
  if (email === null) return null
  const domain = email.slice(email.lastIndexOf('@') + 1)
  return domain === '' || isFreeMail(domain) ? null : domain
}
