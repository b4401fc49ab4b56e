/*
** Headers and states of orders that public exports have: see roles.h.  From platforms' own
** documents and from importers' code: Taobao, Tmall, JD, PDD, Douyin, Youzan, WeChat Pay; Shopify, WooCommerce,
** Amazon, eBay, Etsy, Square, Stripe, Magento, BigCommerce, Squarespace; tables kept by hand.
*/
#include "sql/import/roles.h"
#include "metric/import/cell_text.h"
#include "base/memory.h"

const char *const IMPORT_ROLE_NAMES[ROLE_COUNT] = {
  "", "order", "customer", "time", "amount", "refund", "refund_time", "status", "cancelled", "quantity", "price", "product",
  "category", "line", "shop", "store", "staff", "channel", "campaign", "currency", "referrer", "source", "phone", "email",
  "added", "deleted", "deleted_by", "way", "after_sale", "kind", "ignored"
};

typedef struct RoleName { unsigned char role, rank; const char *names; } RoleName;

/* Names are separated by blanks. */
static const RoleName ROLE_HEADERS[] = {
  { ROLE_ORDER, 1, "線上訂單號 线上订单号 线上单号 平台单号 原始订单号 numerodeventa deventa numerodecompra 受注番号 訂單編號 訂單號碼 訂單號 注文番号 注文id 主订单id 销售单号 销售订单号 零售单号 nopedido numeropedido pedido ndecommande 订单编号 订单号 主订单编号 主订单号 订单id 交易订单号 商户订单号 商户单号 平台订单号 "
                   "outtradeno order ordernumber ordernum orderid orderno orderreference orderref ordername amazonorderid merchantorderid salesrecordnumber "
                   "incrementid purchaseorder invoiceno invoicenumber invoiceid invoice bestellnummer bestellnr auftragsnummer auftragsnr "
                   "auftrag numerodecommande commande numerodepedido pedido belegnr belegnummer" },
  { ROLE_ORDER, 2, "订单序号 交易流水号 支付宝交易号 交易号 交易单号 微信订单号 微信支付单号 流水号 单号 订单 小票号 单据编号 单据号 单据号码 账单号 账单编号 小票编号 销售单编号 订单编码 订单流水号 内部订单号 系统订单号 transactionid transaction transactionno receiptno receiptnumber receiptid receipt saleid paymentid "
                   "chargeid rechnungsnummer rechnungsnr 编号 id name" },
  { ROLE_LINE, 1, "子订单编号 子订单号 子单号 lineid lineitemid orderitemid itemid" },
  { ROLE_CUSTOMER, 1, "顧客 顧客id 客戶 客戶id 會員 會員編號 买家openid 用户openid openid号 购买者 购买者id 購入者id 購入者 会员代码 cliente clienteid idcliente acheteur loyaltyid loyaltynumber householdkey usernamebuyer 买家 会员名称 会员昵称 会员账号 会员帐号 客户账号 客户帐号 顾客账号 买家名称 买家昵称 购买人 下单人 买家会员名 买家id 买家昵称 买家账号 买家帐号 下单帐号 下单账号 下单用户 会员id 会员号 会员编号 会员卡号 会员名 会员 用户id 用户编号 用户账号 "
                   "客户id 客户编号 客户号 客户 顾客 顾客id 顾客编号 buyerid buyerusername buyer customerid customernumber customerno customercode customerref customerreference customer customerkey "
                   "userid user donorid donor memberid member memberno clientid client accountid kundennummer kundennr kunde kundenid openid unionid 用户标识 "
                   "buyeruserid contactid externaluserid 外部联系人id 客户userid" },
  { ROLE_CUSTOMER, 2, "contactemail buyeremailaddress email地址 電郵 correo メールアドレス 注文者メールアドレス email customeremail buyeremail billingemail emailaddress customeremailaddress payeremail purchaseemail purchaseremail 邮箱 电子邮箱 客户邮箱 顾客邮箱 买家邮箱 会员邮箱 用户邮箱" },
  { ROLE_CUSTOMER, 3, "付款账户 付款账号 付款人账号 付款方账户 对方账户 对方账号 买家支付宝账号 买家账户 付款方账号 fromemailaddress cardno cardnumber 用户手机号 用户手机 用户电话 客户电话 顾客手机号 會員電話 telephone telefono 买家手机号 买家手机 会员手机号 会员手机 客户手机号 客户手机 手机号 手机号码 手机 联系手机 联系电话 电话 收货人手机号 收货人手机 收货人电话 收件人手机号 收件人手机 收件人电话 phone customerphone mobile "
                   "billingphone phonenumber telefon" },
  { ROLE_CUSTOMER, 4, "交易对方 对方名称 付款人 付款方 contactname comprador compradora nomducliente 注文者氏名 顧客名稱 顧客姓名 客戶姓名 购买者姓名 客户名称 客户姓名 客户昵称 用户昵称 用户名 昵称 买家姓名 姓名 收货人姓名 收货人 收件人姓名 收件人 customername buyername fullname billingname shippingname clientname "
                   "kundenname recipientname username" },
  { ROLE_TIME, 1, "付款時間 付款日期時間 結帳時間 入金日時 決済日時 fechadepago orderpaidtime orderpaiddate ordertimepaid timeend paytime paidtimeutc dateofpayment 订单付款时间 付款时间 支付时间 支付完成时间 付款确认时间 买家付款时间 订单支付时间 订单成交时间 成交时间 付款日期 支付日期 付款完成时间 买家支付时间 交易时间 交易日期 paidat paiddate "
                  "datepaid paymentdate paymenttime paidon paidondate paidtime paidtimestamp paidatutc datepaidutc orderapprovedat bezahltam zahldatum" },
  { ROLE_TIME, 2, "訂單日期 訂單時間 下單時間 注文日時 注文日 受注日時 受注日 fechadeventa fechaventa fechadecompra datadavenda dataordine ordercreationdate ordercreationtime dateoforder fechapedido fechadelpedido datacommande tdat trandate txndate posdate visitdate 订单创建时间 下单时间 下单日期 订单提交时间 订单下单时间 订单时间 订单日期 拍下时间 创建时间 日期 时间 销售日期 销售时间 消费时间 消费日期 购买时间 购买日期 开单时间 开单日期 成交日期 登记日期 登记时间 提交时间 createdat createtime created createdutc createddate createdtime createdon creationdate "
                  "datecreated datecreatedgmt orderplaced dateordered orderpurchasetimestamp purchasetimestamp purchasedon belegdatum kaufdatum donationdate giftdate localtime orderdate ordertime orderedat orderedon ordercreated date time datetime timestamp opened openedat opendate purchasedate purchasedat saledate transactiondate "
                  "invoicedate dateutc bestelldatum datum auftragsdatum rechnungsdatum datedecommande fecha day" },
  { ROLE_AMOUNT, 1, "お支払い金額 お支払金額 支払金額 請求金額 ご請求額 已付金额 paidprice 用户实付 客户实付 顾客实付 买家实付 买家实付金额 会员实付 实付总额 实付合计 實付金額 付款總金額 ordertotalpaid 买家实际支付金额 实际支付金额 用户实付金额 订单实付金额 实付金额 实付款 实付 实际付款 支付金额 付款金额 实收金额 实收 成交金额 amountpaid paidamount totalpaid paid "
                    "total_paid bezahlterbetrag netpaid" },
  { ROLE_AMOUNT, 2, "价税合计 含税金额 含税总额 含税合计 訂單合計 訂單總額 訂單金額 合計金額 注文金額 montantttc totalttc importetotal totalpedido totalincltax totalinctax ordertotalinctax 应付金额 订单应付金额 total ordertotal grandtotal totalprice totalamount orderamount totalcollected totalcharged amountcharged gesamtbetrag gesamtsumme "
                    "gesamt summe bestellsumme nrevenue ordertotalamount" },
  { ROLE_AMOUNT, 3, "成交额 营业额 交易额 消费额 购买金额 下单金额 流水金额 结算金额 商家实收金额 订单金额 订单总额 订单总金额 交易金额 销售额 销售金额 消费金额 金额 总价 总额 amount revenue sales saleamount transactionamount value gmv spend betrag umsatz ordervalue paymentvalue donation donationamount giftamount brutto bruttobetrag bruttosumme 应结订单金额 "
                    "totalfee settlementtotalfee dollars netsales gross price_total montant importe" },
  { ROLE_AMOUNT, 4, "买家应付货款 总金额 商品总价 商品金额 subtotal linetotal itemtotal lineamount extendedprice warenwert" },
  { ROLE_REFUND, 1, "退款額 退款總額 orderrefundamount refundtotalamount montantrembourse 退款金额 订单已退款金额 已退款金额 退款总额 退款 实际退款金额 成功退款金额 商品已退款金额 商品退款金额 退款成功金额 refundedtotal refundedamount refundamount amountrefunded refund refunded totalrefunded refundtotal "
                    "erstattet erstattung ruckerstattung returns anulacionesyreembolsos reembolsos reembolso montantrefund 返金額" },
  { ROLE_REFUND, 2, "refundfee refunds partialrefund partialrefunds" },
  { ROLE_REFUND_TIME, 1, "退款时间 退款完成时间 退款日期 退款成功时间 退款完结时间 退款到账时间 退款结束时间 售后完结时间 售后完成时间 完结时间 退货日期 退货时间 refundedat refundeddate refunddate refundtime refundedon" },
  { ROLE_STATUS, 1, "账单状态 单据状态 销售状态 订单现状 estadodelpedido estadodelaventa 訂單狀態 付款狀態 注文ステータス ステータス statut estado 订单状态 交易状态 当前状态 订单当前状态 financialstatus orderstatus paymentstatus status 状态 支付状态 bestellstatus zahlungsstatus" },
  { ROLE_STATUS, 2, "result transactionresult paymentresult outcome 交易结果 支付结果 付款结果 收款结果" },
  { ROLE_CANCELLED, 1, "cancelledat canceledat cancelledon canceledon cancellationdate 取消时间 订单取消时间 关闭时间 订单关闭时间" },
  { ROLE_QUANTITY, 1, "成交数量 销售数量 quantite 购买数量 商品数量 订购数量 宝贝总数量 宝贝数量 数量 件数 销量 quantity qty lineitemquantity itemquantity quantitypurchased quantityordered units itemssold "
                      "itemcount numberofitems menge anzahl cantidad" },
  { ROLE_PRICE, 1, "含税单价 销售单价 成交单价 单价 价格 商品单价 商品价格 京东价 unitprice price lineitemprice itemprice unitcost einzelpreis preis saleprice priceperunit" },
  { ROLE_PRODUCT, 1, "存货名称 物料名称 货品标题 货品 菜品名称 宝贝标题 购买产品 购买商品 产品名 品名 商品名称 商品标题 选购商品 商品 标题 宝贝名称 产品 产品名称 货品名称 lineitemname product productname item itemname items title description producttitle "
                     "produkt artikel artikelname" },
  { ROLE_PRODUCT, 2, "商品id 商品编码 商家编码 sku lineitemsku stockcode productid asin artikelnummer productsku" },
  { ROLE_CATEGORY, 1, "类目 品类 商品类目 分类 商品分类 category productcategory producttype kategorie department" },
  { ROLE_SHOP, 1, "店铺名称 店铺 店铺名 shop shopname storefront marketplace saleschannel seller" },
  { ROLE_STORE, 1, "归属店铺 门店 门店名称 所属门店 网点 store storename location branch filiale" },
  { ROLE_STAFF, 1, "导购 归属导购 专属导购 所属导购 服务导购 导购名称 归属员工 服务人员 收银员 开单人 导购员 归属人 导购姓名 店员 销售员 销售 员工 业务员 客服 分销员 推广员 销售顾问 顾问 负责人 销售人员 staff staffname salesperson salesrep employee seller_name cashier verkaufer" },
  { ROLE_CHANNEL, 1, "渠道 来源渠道 成交渠道 购买渠道 客户来源 订单来源 达人昵称 推广渠道 channel utmsource trafficsource referrersource sourcename ordersource leadsource kanal" },
  { ROLE_CAMPAIGN, 1, "活动 活动名称 优惠券 优惠码 discountcode couponcode promotioncode promocode coupon utmcampaign campaign voucher gutscheincode" },
  { ROLE_CURRENCY, 1, "币种 货币 货币类型 currency currencycode ordercurrency wahrung" },
  { ROLE_REFERRER, 1, "推荐人 邀请人 推荐人id 邀请人id 上级 介绍人 referrer referredby referrerid invitedby inviter" },
  { ROLE_SOURCE, 1, "公私域 域 domain" },
  { ROLE_ADDED, 1, "添加时间 添加好友时间 加好友时间 加粉时间 加微时间 添加日期 addedat addtime dateadded" },
  { ROLE_DELETED, 1, "删除时间 流失时间 流失日期 删除日期 deletedat deletetime" },
  { ROLE_DELETED_BY, 1, "删除方 流失方式 deletedby" },
  { ROLE_WAY, 1, "添加方式 添加渠道 addway" },
  { ROLE_WAY, 2, "来源" },
  { ROLE_STAFF, 2, "添加人 所属员工 所属客服 跟进人 跟进员工 添加成员 所属成员 添加员工 企微员工 followuser" },
  { ROLE_KIND, 1, "交易类型 业务类型 单据类型 流水类型 账单类型 收支类型 消费类型 记录类型 账务类型 收支类别 收支方向 transactionkind eventname transactiontype txntype transtype recordtype eventtype reportingcategory paymenttype documenttype receipttype saletype belegart 小票类型 单据种类 交易种类 销售类型" },
  { ROLE_KIND, 3, "订单类型 ordertype" },
  { ROLE_KIND, 2, "类型 类别 type kind art typ event metric metricname" },
  /* Thai, Korean, Japanese, Indonesian, Vietnamese; Portuguese, Italian, French, Dutch, Polish, German of books, Russian, Turkish */
  { ROLE_ORDER, 1, "หมายเลขคำสั่งซื้อ เลขที่คำสั่งซื้อ 주문번호 nomorinvoice nomorpesanan nopesanan mađơnhang номерзаказа numerodopedido codigodopedido numeroordine nordine bestelnummer ordernummer numerzamowienia 受注id 受注no 注文no オーダー番号 siparişno siparişnumarası" },
  { ROLE_ORDER, 2, "เลขที่ 伝票番号 伝票no reference номер belegnr rechnungsnr" },
  { ROLE_LINE, 1, "상품주문번호" },
  { ROLE_CUSTOMER, 1, "客户网名 网名 买家网名 买家旺旺 旺旺 旺旺号 ชื่อผู้ใช้ ลูกค้า รหัสลูกค้า 구매자id 고객번호 고객id 회원번호 회원id 주문자id 会員番号 会員id 顧客番号 klant klantnummer klientid auftraggeber debitor debitorennr клиент покупатель muşteri" },
  { ROLE_CUSTOMER, 2, "adresseemail correoelectronico 이메일 구매자이메일 주문자이메일 emaildocliente emaildocomprador электроннаяпочта почта" },
  { ROLE_CUSTOMER, 3, "전화번호 구매자연락처 구매자전화번호 주문자연락처 연락처 휴대폰번호 휴대전화 telefone telefoon telefonnummer celular cellulare телефон 電話 電話番号 電話號碼 お電話番号 notelppembeli notelp nohp เบอร์โทร เบอร์โทรศัพท์ หมายเลขโทรศัพท์ sốđiệnthoại" },
  { ROLE_CUSTOMER, 4, "구매자명 구매자 주문자 주문자명 고객명 고객 이름 성명 nomecliente nomedocomprador nomedocliente comprador nomclient 顧客名 氏名 お名前 お客様名 購入者名 注文者名 注文者 namapembeli pembeli namapelanggan pelanggan ชื่อลูกค้า ชื่อผู้ซื้อ nameauftraggeber klient klantnaam nazwaklienta фио ngườimua tenkhachhang" },
  { ROLE_TIME, 1, "เวลาการชำระสินค้า วันที่ชำระเงิน 결제일 결제일시 결제시간 결제일자 tanggalpembayaran datadepagamento datadopagamento datapagamento 入金日 支払日 支払日時 決済日 датаоплаты datedepaiement datepaiement betaaldatum" },
  { ROLE_TIME, 2, "发生时间 bookedon bookingdate bookedat วันที่ทำการสั่งซื้อ วันที่สั่งซื้อ วันที่ 주문일 주문일시 주문일자 주문시간 날짜 일자 판매일 판매일자 tanggal tanggalpesanan tanggalpemesanan ngayđặthang ngay data datadopedido datadacompra datadacriacao datadeordine datazamowienia дата датазаказа датасоздания besteldatum orderdatum datedecreation fechadecreacion 日付 注文日付 購入日 購入日時 売上日 取引日 取引日時 受注日付 tarih siparişdatum" },
  { ROLE_AMOUNT, 1, "totalpaye 결제금액 결제액 실결제금액 최종결제금액 お支払額 valorpago ยอดชำระ ยอดชำระเงิน" },
  { ROLE_AMOUNT, 2, "จำนวนเงินทั้งหมด จำนวนเงินรวม ยอดรวม ราคารวม 최종상품별총주문금액 총주문금액 주문금액 총금액 합계금액 totalpenjualan tổnggiatrịđơnhang totaal totaalbedrag totale importototale wartosczamowienia сумма суммазаказа стоимость 総額 総合計 注文合計 valortotal totaldopedido valordopedido toplamtutar bruttowert" },
  { ROLE_AMOUNT, 3, "收入金额 금액 판매금액 매출 매출액 金額 売上 売上高 売上金額 valor bedrag omzet kwota nettowert tutar" },
  { ROLE_AMOUNT, 4, "ราคาขายสุทธิ" },
  { ROLE_REFUND, 1, "환불금액 환불액 valorestornado valorreembolsado" },
  { ROLE_STATUS, 1, "สถานะการสั่งซื้อ สถานะคำสั่งซื้อ สถานะ 주문상태 결제상태 상태 statuspesanan trạngthaiđơnhang статус статусзаказа statusdopedido statusdopagamento situacao situacaodopedido etat stato statoordine 注文状況 状態 受注ステータス 注文状態 処理状況 statuszamowienia bestelstatus durum siparişdurumu" },
  { ROLE_AFTER_SALE, 1, "클레임상태" },
  { ROLE_QUANTITY, 1, "จำนวน 수량 주문수량 구매수량 구매수 jumlahprodukdibeli quantidade quantidadecomprada quantita ilosc количество колво aantal 個数 sốlượng adet" },
  { ROLE_PRICE, 1, "ราคาขาย 상품가격 판매가 단가 hargajual precio precounitario valordoproduto prezzo cena цена prijs 単価 単位価格" },
  { ROLE_PRODUCT, 1, "ชื่อสินค้า 상품명 상품 등록상품명 全部商品名称 namaproduk nomedoproduto nomeprodotto producto nazwaproduktu товар наименование 商品名 tensảnphẩm bezeichnung" },
  { ROLE_CURRENCY, 1, "moeda waluta валюта valuta 통화 通貨 moneda divisa" },
  { ROLE_AFTER_SALE, 1, "售后状态 退款状态 售后 维权状态" },
  { ROLE_IGNORED, 1, "买家应付邮费 运费 邮费 税费 收货地址 收货人地址 地址 备注 买家留言 卖家备注 订单备注 物流单号 物流公司 快递单号 发货时间 确认收货时间 订单关闭原因 子订单状态 优惠金额 折扣 "
                     "支付方式 付款方式 支付单号 shipping taxes tax discountamount discount fulfillmentstatus fulfilledat notes note shippingmethod shippingaddress address city "
                     "country zip postcode state_ region tags paymentmethod paymentreference vendor lineitemfulfillmentstatus fees fee net" }
};

/* ---- headers ---- */

static int opens_bracket(const char *z, int *length){
  static const char *const OPEN[] = { "(", "[", "{", "\xEF\xBC\x88", "\xE3\x80\x90", "\xEF\xBC\xBB" };
  size_t i;
  for(i=0; i<sizeof OPEN/sizeof OPEN[0]; i++){
    *length = (int)strlen(OPEN[i]);
    if( strncmp(z, OPEN[i], (size_t)*length)==0 ) return 1;
  }
  return 0;
}

static int closes_bracket(const char *z, int *length){
  static const char *const CLOSE[] = { ")", "]", "}", "\xEF\xBC\x89", "\xE3\x80\x91", "\xEF\xBC\xBD" };
  size_t i;
  for(i=0; i<sizeof CLOSE/sizeof CLOSE[0]; i++){
    *length = (int)strlen(CLOSE[i]);
    if( strncmp(z, CLOSE[i], (size_t)*length)==0 ) return 1;
  }
  return 0;
}

/* One sign: letters in lower case, umlauts as their vowels, signs and blanks left out. */
static int normal_sign(const char *z, char *out, int *length){
  const unsigned char *u = (const unsigned char*)z;
  *length = 1;
  if( u[0] < 0x80 ){
    *out = (char)(u[0] >= 'A' && u[0] <= 'Z' ? u[0] | 0x20 : u[0]);
    return (*out >= 'a' && *out <= 'z') || (*out >= '0' && *out <= '9');
  }
  if( u[0]==0xEF && (u[1]==0xBC || u[1]==0xBD) && u[2] ){         /* full-width ASCII */
    char c = (char)(u[1]==0xBC ? u[2] - 0x80 + 0x20 : u[2] - 0x80 + 0x60);
    int ignored;
    *length = 3;
    return normal_sign(&c, out, &ignored);
  }
  if( u[0]==0xC3 && u[1] ){
    static const char *const MARKED = "aaaaaaaceeeeiiiidnooooo*ouuuuypsaaaaaaaceeeeiiiidnooooo/ouuuuypy";
    *length = 2;
    *out = MARKED[(u[1] - 0x80) & 63];
    return 1;
  }
  return 0;
}

/* Russian letters, and the first ones of Vietnamese and Polish words. */
static void lower_letter(char *z, int length){
  unsigned char *u = (unsigned char*)z;
  if( length!=2 ) return;
  if( u[0]==0xD0 && u[1] >= 0x90 && u[1] <= 0x9F ) u[1] = (unsigned char)(u[1] + 0x20);
  else if( u[0]==0xD0 && u[1] >= 0xA0 && u[1] <= 0xAF ){ u[0] = 0xD1; u[1] = (unsigned char)(u[1] - 0x20); }
  else if( (u[0]==0xC4 && u[1]==0x90) || (u[0]==0xC5 && u[1]==0x81) ) u[1]++;
}

void import_normal(const char *header, char out[NORMAL_SIZE]){
  int depth = 0, n = 0, length;
  const char *z = header;
  for(; *z; z+=length){
    char c;
    if( (length = blank_at(z, (int)strlen(z)))!=0 ) continue;
    if( opens_bracket(z, &length) ){ depth++; continue; }
    if( closes_bracket(z, &length) ){ if( depth ) depth--; continue; }
    if( normal_sign(z, &c, &length) ){
      if( depth==0 && n < NORMAL_SIZE - 1 ) out[n++] = c;
    }else if( (unsigned char)*z >= 0xC4 ){            /* other letters as they are */
      length = (unsigned char)*z >= 0xF0 ? 4 : (unsigned char)*z >= 0xE0 ? 3 : 2;
      if( (int)strlen(z) < length ) length = (int)strlen(z);
      if( strncmp(z, "\xEF\xBC", 2)==0 || strncmp(z, "\xE3\x80", 2)==0 || strncmp(z, "\xE2\x80", 2)==0 ) continue;
      if( depth==0 && n + length < NORMAL_SIZE ){ memcpy(out + n, z, (size_t)length); lower_letter(out + n, length); n += length; }
    }
  }
  out[n] = 0;
}

int import_listed(const char *list, const char *word){
  size_t n = strlen(word);
  const char *z = list;
  while( n && (z = strstr(z, word))!=0 ){
    if( (z==list || z[-1]==' ') && (z[n]==' ' || z[n]==0) ) return 1;
    z += n;
  }
  return 0;
}

static ImportRole role_listed(const char *normal, int *rank){
  size_t i;
  for(i=0; i<sizeof ROLE_HEADERS/sizeof ROLE_HEADERS[0]; i++){
    if( !import_listed(ROLE_HEADERS[i].names, normal) ) continue;
    *rank = ROLE_HEADERS[i].rank;
    return (ImportRole)ROLE_HEADERS[i].role;
  }
  return ROLE_NONE;
}

/* 订单退款金额 is money, 商品退款状态 says that some went back, 申请退款金额 neither. */
static ImportRole back_by_words(const char *normal, int *rank){
  static const char *const STATE[] = { "退款状态", "售后状态", "维权状态" }, *const MONEY[] = { "退款金额", "成功退款", "退款总额", "退款合计", "退款额", "退金额", "退货金额", "退货额", "退回金额", "退单金额", "已退款", "售后金额" };
  static const char *const OTHER[] = { "申请", "时间", "日期", "原因", "方式", "单号", "编号", "次数", "笔数", "件数", "数量", "运费", "邮费", "佣金", "服务费", "手续费", "积分", "优惠", "券", "红包", "补贴", "平台", "率", "占比", "比例", "累计",
                                       "可退", "待退", "应退", "未退", "剩余", "拒绝" };
  size_t i;
  *rank = 2;
  for(i=0; i<sizeof STATE/sizeof STATE[0]; i++) if( strstr(normal, STATE[i]) ) return ROLE_AFTER_SALE;
  for(i=0; i<sizeof OTHER/sizeof OTHER[0]; i++) if( strstr(normal, OTHER[i]) ) return ROLE_NONE;
  for(i=0; i<sizeof MONEY/sizeof MONEY[0]; i++) if( strstr(normal, MONEY[i]) ) return ROLE_REFUND;
  return ROLE_NONE;
}

static int has_word(const char *normal, const char *const *word, size_t n){
  size_t i;
  for(i=0; i<n; i++) if( strstr(normal, word[i]) ) return 1;
  return 0;
}
#define HAS_WORD(normal, words) has_word(normal, words, sizeof (words)/sizeof (words)[0])

/* 结账时间 is when it was paid, 单据日期 and eventtimestamp when it happened; 发货时间 is neither. */
static ImportRole time_by_words(const char *normal, int *rank){
  static const char *const TIME[] = { "时间", "日期", "時間", "日時", "date", "time", "fecha", "datum" };
  static const char *const PAID[] = { "付款", "支付", "结账", "買單", "买单", "收款", "成交", "paid", "payment", "pago" };
  static const char *const MADE[] = { "訂單", "下單", "成立", "銷售", "購買", "单据", "营业", "制单", "开台", "订购", "预订", "预定", "下单", "订单", "销售", "消费", "购买", "交易", "业务", "记账", "开票", "营业日", "order", "sale", "event", "purchase", "transaction", "placed", "created", "venta", "compra", "pedido" };
  static const char *const OTHER[] = { "退", "發貨", "出貨", "到貨", "取貨", "送達", "預計", "關閉", "发货", "收货", "取消", "关闭", "预计", "承诺", "生日", "出生", "注册", "更新", "修改", "审核", "完成", "截止", "到期", "失效", "送达", "配送", "结算", "入账", "首次", "首单", "最近", "最后", "上次", "类型", "小时", "时长", "定金", "尾款",
                                       "refund", "ship", "deliver", "cancel", "due", "update", "modif", "expir", "birth", "settle", "available", "estimat", "first", "last", "timezone", "lifetime", "timeto", "zone", "status", "type", "return", "payout", "fulfil", "complet", "entrega", "close" };
  if( !HAS_WORD(normal, TIME) || HAS_WORD(normal, OTHER) ) return ROLE_NONE;
  *rank = HAS_WORD(normal, PAID) ? 3 : 4;             /* behind those that are known */
  return *rank==3 || HAS_WORD(normal, MADE) ? ROLE_TIME : ROLE_NONE;
}

/* 顾客电话 is the buyer's, 销售出库单号 the order's. */
static ImportRole name_by_words(const char *normal, int *rank){
  static const char *const WHO[] = { "顾客", "客户", "会员", "买家", "用户" }, *const PHONE[] = { "电话", "手机", "联系方式" };
  static const char *const NUMBER[] = { "单号", "单据编号", "单据号", "账单号", "单编号" }, *const SALE[] = { "订单", "销售", "零售", "交易", "消费", "出库", "单据", "账单", "小票", "结账" };
  static const char *const OTHER[] = { "物流", "快递", "运单", "退", "售后", "维权", "支付", "采购", "入库", "调拨", "发票", "子订单", "子单", "原单", "原订单", "合并", "关联", "礼品", "银行", "客服", "经理", "专员", "来源", "上级", "推荐", "类型", "数量", "归属" };
  *rank = 3;
  if( HAS_WORD(normal, OTHER) ) return ROLE_NONE;
  if( HAS_WORD(normal, WHO) && HAS_WORD(normal, PHONE) ) return ROLE_CUSTOMER;
  return HAS_WORD(normal, NUMBER) && HAS_WORD(normal, SALE) ? ROLE_ORDER : ROLE_NONE;
}

/* What a header that is in no list says of itself: 订单实际支付金额. */
static ImportRole role_by_words(const char *normal, int *rank){
  static const char *const OTHER[] = {
    "优惠", "运费", "邮费", "税", "时间", "日期", "方式", "单号", "账号", "状态", "件数", "数量", "次数", "积分", "红包", "券", "手续费", "服务费", "佣金", "折扣", "渠道", "备注", "退", "定金", "尾款", "平均", "均",
    "累计", "历史", "余额", "目标", "成本", "利润", "阶段"
  };
  static const struct { const char *word; int rank; } PAID[] = {
    { "实付", 1 }, { "实际支付", 1 }, { "支付金额", 1 }, { "付款金额", 1 }, { "实际付款", 1 }, { "实收", 2 }, { "应付金额", 2 }, { "应付款", 2 }, { "应收金额", 3 }, { "成交金额", 3 }, { "成交额", 3 }, { "已付", 2 }
  };
  ImportRole other = back_by_words(normal, rank);
  size_t i;
  if( other==ROLE_NONE ) other = time_by_words(normal, rank);
  if( other==ROLE_NONE ) other = name_by_words(normal, rank);
  if( other!=ROLE_NONE ) return other;
  for(i=0; i<sizeof OTHER/sizeof OTHER[0]; i++) if( strstr(normal, OTHER[i]) ) return ROLE_NONE;
  for(i=0; i<sizeof PAID/sizeof PAID[0]; i++){
    if( strstr(normal, PAID[i].word)==0 ) continue;
    *rank = PAID[i].rank;
    return ROLE_AMOUNT;
  }
  return ROLE_NONE;
}

/* 订单号/Order No. says in two languages what it is: where both say the same. */
static ImportRole role_of_two(const char *normal, int *rank){
  char part[2][NORMAL_SIZE];
  int n[2] = { 0, 0 }, i, other;
  ImportRole role;
  for(i=0; normal[i]; i++){
    int k = (unsigned char)normal[i] >= 0x80;
    part[k][n[k]++] = normal[i];
  }
  part[0][n[0]] = part[1][n[1]] = 0;
  if( n[0]==0 || n[1]==0 ) return ROLE_NONE;
  role = role_listed(part[1], rank);
  if( role==ROLE_NONE ) role = role_by_words(part[1], rank);
  return role!=ROLE_NONE && role_listed(part[0], &other)==role ? role : ROLE_NONE;
}

/* amount_eur is the amount: a currency behind the name is taken off. */
ImportRole import_role(const char *normal, int *rank){
  static const char *const CURRENCY[] = { "eur", "usd", "cny", "rmb", "gbp", "jpy", "hkd", "chf", "cents", "\xE5\x85\x83" };
  ImportRole role = role_listed(normal, rank);
  size_t n = strlen(normal), i, k;
  char shorter[NORMAL_SIZE];
  for(i=0; role==ROLE_NONE && i<sizeof CURRENCY/sizeof CURRENCY[0]; i++){
    k = strlen(CURRENCY[i]);
    if( n <= k || n >= NORMAL_SIZE || strcmp(normal + n - k, CURRENCY[i])!=0 ) continue;
    memcpy(shorter, normal, n - k);
    shorter[n-k] = 0;
    role = role_listed(shorter, rank);
    if( role!=ROLE_AMOUNT && role!=ROLE_REFUND && role!=ROLE_PRICE ) role = ROLE_NONE;
  }
  if( role==ROLE_NONE ) role = role_of_two(normal, rank);
  return role==ROLE_NONE ? role_by_words(normal, rank) : role;
}

/* 金额(万元) counts in 10^4, total_fee(分) and amount_cents in 10^-2. */
int import_power(const char *header){
  static const struct { const char *unit; int power; } UNITS[] = {
    { "百万元", 6 }, { "千万元", 7 }, { "万元", 4 }, { "(万)", 4 }, { "（万）", 4 }, { "亿元", 8 }, { "(亿)", 8 }, { "（亿）", 8 }, { "千元", 3 }, { "(千)", 3 }, { "（千）", 3 },
    { "(分)", -2 }, { "（分）", -2 }, { "[分]", -2 }, { "单位分", -2 }, { "单位:分", -2 }, { "单位：分", -2 }, { "人民币分", -2 }
  };
  char normal[NORMAL_SIZE];
  size_t i, n;
  for(i=0; i<sizeof UNITS/sizeof UNITS[0]; i++) if( strstr(header, UNITS[i].unit) ) return UNITS[i].power;
  import_normal(header, normal);
  n = strlen(normal);
  return n > 5 && strcmp(normal + n - 5, "cents")==0 ? -2 : 0;
}

/* ---- kinds of money ---- */

static const char KIND_NONE[] =
  "topup recharge reload deposit bankdeposit payout withdrawal generalwithdrawal transfer banktransfer currencyconversion generalcurrencyconversion fee fees paymentfee "
  "adjustment balanceadjustment reserve hold storedvalue creditload giftcardload auszahlung einzahlung gebuhr servicefee servicefees feeadjustment fbainventoryfee fbatransactionfees shippingservices platformfee";
static const char KIND_EXTRA[] = "exchange exchanges exchanged replacement replacements resend reship reshipment warranty sample samples freesample freesamples giveaway umtausch muster 교환 交換";
static const char KIND_NOTHING[] = "authorization authorisation auth authorize preauthorization preauth void voided 预授权 预授权撤销";
static const char KIND_BACK[] =
  "refunded creditmemo salescreditnote refundedorder orderrefunded refundissued refund refunds paymentrefund chargerefund return returns returned salereturn salesreturn chargeback paymentreversal reversal creditnote erstattung ruckerstattung retoure gutschrift remboursement reembolso";
static const struct { const char *word; int is; } KIND_WORDS[] = {
  { "充值", 0 }, { "储值", 0 }, { "充卡", 0 }, { "预存", 0 }, { "提现", 0 }, { "转账", 0 }, { "押金", 0 }, { "开卡", 0 }, { "办卡", 0 }, { "调账", 0 }, { "手续费", 0 }, { "收费", 0 }, { "服务费", 0 },
  { "退货", 2 }, { "退款", 2 }, { "退单", 2 }, { "撤单", 2 }, { "撤销", 2 }, { "冲正", 2 }, { "红冲", 2 }, { "反结账", 2 },
  { "换货", KIND_IS_EXTRA }, { "补发", KIND_IS_EXTRA }, { "补寄", KIND_IS_EXTRA }, { "赠品", KIND_IS_EXTRA }, { "赠送", KIND_IS_EXTRA }, { "试用", KIND_IS_EXTRA }, { "小样", KIND_IS_EXTRA }, { "样品", KIND_IS_EXTRA }
};

int import_kind(const char *normal){
  size_t i;
  if( import_listed(KIND_NOTHING, normal) ) return KIND_IS_NOTHING;
  if( import_listed(KIND_NONE, normal) ) return 0;
  if( import_listed(KIND_BACK, normal) ) return 2;
  if( import_listed(KIND_EXTRA, normal) ) return KIND_IS_EXTRA;
  if( strstr(normal, "refund") && !strstr(normal, "fee") && !strstr(normal, "revers") && !strstr(normal, "cancel") && !strstr(normal, "fail") && !strstr(normal, "refundable") ) return 2;
  for(i=0; i<sizeof KIND_WORDS/sizeof KIND_WORDS[0]; i++){
    if( strstr(normal, KIND_WORDS[i].word) ) return KIND_WORDS[i].is;
  }
  return 1;
}
