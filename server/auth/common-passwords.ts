/**
 * The passwords that are tried first, and the words most of them are made of, in lower case. Digits and signs around a word
 * are taken off before it is looked up here, so `password` also stands for `Password123!`.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password passwort passw0rd passwd pass1234 mypassword password1 letmein welcome changeme changeit default secret
  secrets admin administrator adminadmin root rootroot toor guest login master masterkey superuser test testtest
  tester testing qwerty qwertyui qwertyuiop qwerty123 qwer1234 qwerasdf qwerasdfzxcv asdf asdfasdf asdf1234 asdfjkl
  asdfghjk asdfghjkl zxcv zxcvbnm zxcvzxcv zaq12wsx zaq1zaq1 xsw2zaq1 qazwsx qazwsxedc qweasd qweasdzxc q1w2e3r4
  q1w2e3r4t5 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2 1q2w3e 12qwaszx azerty azertyuiop aqwzsx
  qwertz qwertzuiop 12345678 123456789 1234567890 12341234 12344321 11223344 1122334455 112233445566 123123123
  123321123 12121212 11112222 88888888 87654321 987654321 0987654321 147258369 147852369 123654789 789456123 159753456
  741852963 963852741 31415926 314159265 27182818 20202020 13131313 69696969 10203040 102030405 12345679 123456780
  12345678910 135792468 246813579 13579246 abc123 abcd1234 abc12345 abcdef123 abcabc123 a1b2c3d4 a1b2c3d4e5 aa123456
  aa12345678 asd123456 a123456789 q123456789 z123456789 a12345678 aaa111 aaaa1111 1234abcd 1234qwer 123qweasd
  123qweasdzxc 123456qwerty qwerty123456 asdqwe123 qwe123456 zxc123456 iloveyou iloveu iloveme ilovegod iloveyou2
  loveyou loveme lovelove forever forever21 sunshine princess princesa prinzessin prince dragon monkey football
  baseball basketball softball volleyball hockey soccer futbol tennis golfer liverpool chelsea arsenal barcelona
  realmadrid juventus manchester manutd yankees cowboys steelers eagles lakers patriots packers rangers superman
  batman spiderman ironman captain avengers wolverine starwars startrek skywalker pokemon pikachu naruto minecraft
  fortnite roblox warcraft playstation nintendo xbox360 counterstrike leagueoflegends zelda mario sonic michael
  michelle jennifer jessica ashley amanda andrea anthony andrew daniel danielle jordan joshua matthew nicole robert
  thomas charlie george william elizabeth samantha victoria stephanie christopher christian benjamin alexander
  alexandra jonathan nathan patrick patricia richard sebastian veronica natalie natasha nicolas caroline carolina
  catherine francesco gabriel gabriela giovanni isabella fernando alejandro valentina margarita maria mariana marina
  martina thunder shadow hunter hello hellohello helloworld hello123 freedom whatever trustno trustnoone nothing
  computer internet samsung google facebook instagram youtube twitter linkedin microsoft windows apple android iphone
  motorola nokia adobe photoshop oracle cisco database server network wireless system openme opensesame access
  security private mercedes porsche ferrari lamborghini corvette mustang chevrolet toyota honda yamaha kawasaki suzuki
  harley harleydavidson cookie chocolate butterfly butterfl flower flowers rainbow diamond diamonds silver golden
  crystal purple orange banana strawberry cherry pepper ginger cheese chicken buster tigger rocket snoopy garfield
  maggie bailey bandit peanut pumpkin sweetie sweetheart beautiful handsome darling babygirl babyboy lovely angel
  angels angelina heaven heavenly jesus jesuschrist jesus1 christ blessed blessing godisgood praise faith family
  friends friendship mother father mommy daddy sister brother summer winter spring autumn january february march april
  june july august september october november december monday tuesday wednesday thursday friday saturday sunday london
  paris berlin newyork california texas florida canada america england australia deutschland germany france mexico
  brasil colombia argentina holland india pakistan philippines seoul korea metallica slipknot nirvana greenday blink
  linkinpark eminem tupac beatles rockstar rocknroll guitar music musica dancer creative midnight moonlight starlight
  sunflower snowball phoenix scorpion scorpio gemini leo taurus aquarius pisces matrix merlin gandalf hogwarts
  harrypotter potter gateway genesis legend legends destiny paradise fantasy mystery magic wizard warrior warriors
  samurai ninja sniper soldier marine military police fireman maverick blackjack casino lucky luckyone money
  moneymoney million dollar winner success champion gangster player fuckyou fuckoff fuckme asshole bullshit mustang1
  access14 trustno1 monkey123 dragon123 charlie1 michael1 jordan23 nicole1 ncc1701 ncc1701d bond007 thx1138 r2d2c3po
  correcthorse correcthorsebatterystaple dkssud dkssudgktpdy tkfkdgo tkfkdgody tkfkd alsdud rlagydud ektlgo godqhr
  sarang saranghae saranghaeyo mima woaini woaini1314 woaini520 5201314 1314520 wodemima nihao contrasena contraseña
  teamo tequiero mariposa estrella corazon bonita hermosa senha amor amorzinho familia motdepasse bonjour soleil
  doudou jetaime loulou chouchou hallo hallo123 schatz liebe sommer kennwort wachtwoord welkom geheim parola ciaociao
  amoremio haslo polska kochanie misiek parool salasana losenord passord adgangskode sifre heslo jelszo пароль йцукен
  йцукенг любовь привет наташа максим 비밀번호 안녕하세요 사랑해 사랑해요 パスワード 密码 密碼`.split(/\s+/u),
);
